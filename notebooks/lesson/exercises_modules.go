package lesson

import (
	"convlab/cnnlib"
	"convlab/cnnlib/weights"
)

// moduleExercises are those of part 3.3.
var moduleExercises = map[string]exercise{
	"3.3 TorchShape": {
		names: []string{"in", "out", "k"},
		cases: [][]any{{3, 6, 3}, {6, 16, 3}, {4, 2, 5}, {2, 4, 1}},
		want: func(in, out, k int) []int {
			m := Open(cnnlib.Sequential{cnnlib.Conv{Out: out, Kernel: k}}, 8, 8, in)
			return must(weights.StateDict(m))[0].Shape
		},
		mistakes: []mistake{
			{func(in, out, k int) []int { return []int{k, k, in, out} }, "That is the order of this course: PyTorch puts the channels first.", "这是本课程的顺序：PyTorch 把通道放在前面。"},
			{func(in, out, k int) []int { return []int{in, out, k, k} }, "The output channels come first.", "输出通道在最前面。"},
		},
	},
	"3.3 TorchPlace": {
		names: []string{"h", "w", "c", "height", "width"},
		cases: [][]any{{0, 0, 1, 2, 2}, {0, 1, 0, 2, 2}, {1, 0, 2, 2, 2}, {3, 4, 1, 5, 7}},
		want: func(h, w, c, height, width int) int {
			x := make([]float32, height*width*3)
			x[(h*width+w)*3+c] = 1
			for i, v := range turned(x, height, width) {
				if v == 1 {
					return i
				}
			}
			return -1
		},
		mistakes: []mistake{
			{func(h, w, c, height, width int) int { return (h*width+w)*3 + c }, "That is NHWC, the order of this course.", "这是 NHWC，即本课程的顺序。"},
			{func(h, w, c, height, width int) int { return (c*width+w)*height + h }, "Rows and columns are exchanged.", "行和列颠倒了。"},
			{func(h, w, c, height, width int) int { return h*width + w + c }, "Before channel c lie c whole planes.", "通道 c 的前面有 c 个完整的平面。"},
		},
	},
	"3.3 Turn": {
		names: []string{"x", "height", "width"},
		cases: [][]any{{numbered(12), 2, 2}, {numbered(18), 2, 3}, {numbered(3), 1, 1}},
		want:  turned,
		mistakes: []mistake{
			{func(x []float32, height, width int) []float32 { return x }, "Nothing is turned.", "什么也没有转换。"},
			{func(x []float32, height, width int) []float32 {
				y := make([]float32, len(x))
				for i := range y {
					y[i] = x[i/(height*width)+i%(height*width)%height*width*3+i%(height*width)/height*3]
				}
				return y
			}, "Rows and columns are exchanged.", "行和列颠倒了。"},
			{func(x []float32, height, width int) []float32 {
				y := make([]float32, len(x))
				for i := range height * width {
					for c := range 3 {
						y[i*3+c] = x[c*height*width+i]
					}
				}
				return y
			}, "That goes the other way, from PyTorch's order to ours.", "方向反了：这是从 PyTorch 的顺序到本课程的顺序。"},
		},
	},
}

// numbered are the numbers 1 to n.
func numbered(n int) []float32 {
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(i + 1)
	}
	return x
}

// turned is an image [height, width, 3] with the channels first, as the maps
// of its channels lie one after the other.
func turned(x []float32, height, width int) []float32 {
	maps := Maps{Filled(height, width, 0), Filled(height, width, 0), Filled(height, width, 0)}
	for i, v := range x {
		maps[i%3][i/3/width][i/3%width] = v
	}
	var y []float32
	for _, m := range maps {
		for _, row := range m {
			y = append(y, row...)
		}
	}
	return y
}
