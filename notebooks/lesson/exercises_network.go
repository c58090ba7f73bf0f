package lesson

import (
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
)

// networkExercises are those of part 3.
var networkExercises = map[string]exercise{
	"3.2 DenseParams": {
		names: []string{"in", "out"},
		cases: [][]any{{4608, 2048}, {1024, 10}, {576, 120}, {1, 1}},
		want:  func(in, out int) int { return params(cnnlib.Dense{Out: out}, in) },
		mistakes: []mistake{
			{func(in, out int) int { return in * out }, "The biases are missing: one for each output.", "漏了偏置：每个输出有一个。"},
			{func(in, out int) int { return in*out + in }, "A bias for each output, not for each input.", "偏置是每个输出一个，不是每个输入一个。"},
			{func(in, out int) int { return in + out }, "Every output reads every input: multiply.", "每个输出都读所有输入：要相乘。"},
		},
	},
	"3.2 Flattened": {
		names: []string{"n"},
		cases: [][]any{{32}, {33}, {64}, {28}, {96}},
		want: func(n int) int {
			for _, row := range Costs([]int{n, n, 3}, nets.LessonNet()...).Rows {
				if len(row.Output) == 1 {
					return row.Output[0]
				}
			}
			return 0
		},
		mistakes: []mistake{
			{func(n int) int { m := ((n-2)/2 - 2) / 2; return m * m }, "Each place has 128 channels.", "每个位置有 128 个通道。"},
			{func(n int) int { m := n / 2 / 2; return 128 * m * m }, "Each 3×3 convolution without padding takes two pixels off.", "每个不填充的 3×3 卷积都会减少两个像素。"},
			{func(n int) int { m := n - 4; return 128 * m * m }, "Each pooling halves both sides.", "每次池化使两边减半。"},
			{func(n int) int { m := ceil(ceil(n-2, 2)-2, 2); return 128 * m * m }, "Pooling drops a rest: round down.", "池化会舍去余数：应当向下取整。"},
		},
	},
	"3.2 TrainMiB": {
		names: []string{"parameters"},
		cases: [][]any{{11585546}, {81302}, {1 << 20}},
		want: func(parameters int) float64 {
			// A dense layer's Summary tells what Adam takes for a parameter.
			sum := Costs([]int{1}, cnnlib.Dense{Out: 1})
			return float64(sum.TrainBytes) / float64(sum.Params) * float64(parameters) / (1 << 20)
		},
		mistakes: []mistake{
			{func(n int) float64 { return 4 * float64(n) / (1 << 20) }, "Those are the weights alone.", "这只是权重。"},
			{func(n int) float64 { return 8 * float64(n) / (1 << 20) }, "Adam's two averages are missing.", "漏了 Adam 的两个滑动平均。"},
			{func(n int) float64 { return 12 * float64(n) / (1 << 20) }, "Four numbers for each parameter: weight, gradient, and two averages.", "每个参数对应四个数：权重、梯度和两个滑动平均。"},
			{func(n int) float64 { return 16 * float64(n) / 1e6 }, "A MiB has 1024·1024 bytes, not a million.", "1 MiB 是 1024·1024 字节，不是一百万。"},
		},
	},
}

// firstNetworkExercises are those of part 3.1.
var firstNetworkExercises = map[string]exercise{
	"3.1 Pooled": {
		names: []string{"n"},
		cases: [][]any{{30}, {13}, {32}, {7}, {1}, {2}},
		want:  func(n int) int { return side(cnnlib.MaxPool{Size: 2}, n) },
		mistakes: []mistake{
			{func(n int) int { return ceil(n, 2) }, "Rounded up: the last row has no partner and is dropped; round down.", "向上取整了：最后一行没有搭档，会被舍去，应当向下取整。"},
			{func(n int) int { return n - 1 }, "That is a window of 2 at stride 1: pooling moves by its whole size.", "这是步长为 1、大小为 2 的窗口：池化每次移动整个窗口。"},
			{func(n int) int { return n/2 + 1 }, "Off by one.", "差了一。"},
		},
	},
	"3.1 MaxPool": {
		names: []string{"x"},
		cases: [][]any{{Digits(4)}, {Digits(5)}, {Map{{-1, -2, -3, -4}, {-5, -6, -7, -8}}}},
		want:  func(x Map) Map { return Through(cnnlib.MaxPool{Size: 2}, x) },
		mistakes: []mistake{
			{func(x Map) Map { return Through(cnnlib.AvgPool{Size: 2}, x) }, "That is the mean of the four: average pooling.", "这是四个数的平均值：平均池化。"},
			{func(x Map) Map {
				out := Through(cnnlib.MaxPool{Size: 2}, x)
				for i := range out {
					for j := range out[i] {
						out[i][j] = max(out[i][j], 0)
					}
				}
				return out
			}, "The largest of four negative numbers is negative: do not begin with 0.", "四个负数中最大的仍是负数：不要从 0 开始比。"},
			{func(x Map) Map {
				out := Through(cnnlib.MaxPool{Size: 2}, x)
				for i := range out {
					for j := range out[i] {
						out[i][j] = max(x[i][j], x[i+1][j], x[i][j+1], x[i+1][j+1])
					}
				}
				return out
			}, "The window moves by one pixel: output i starts in row 2i.", "窗口每次只移动了一个像素：第 i 个输出应从第 2i 行开始。"},
		},
	},
	"3.1 Used": {
		names: []string{"n"},
		cases: [][]any{{32}, {28}, {33}, {34}, {36}, {64}, {101}},
		want: func(n int) int {
			in := []int{n, n, 3}
			last := Costs(in, nets.LeNet()...).Rows[5].Output[0] - 1
			_, to, err := nets.LeNet().Sees(in, "5", last, last)
			must(0, err)
			return to[0] + 1
		},
		mistakes: []mistake{
			{func(n int) int { return n }, "Pooling drops rows: not all of them reach the output.", "池化会舍去一些行：并不是每一行都能到达输出。"},
			{func(n int) int { return ((n-2)/2 - 2) / 2 * 4 }, "On the way back each convolution adds two rows.", "往回推时，每个卷积增加两行。"},
			{func(n int) int { out := ((n-2)/2 - 2) / 2; return (out*2+2)*2 + 1 }, "Off by one: a 3×3 kernel needs two rows more than it gives.", "差了一：3×3 的核需要的行数比输出多两行。"},
		},
	},
}
