package lesson

import (
	"math"

	"convlab/cnnlib"
)

// fieldExercises are those of part 2.
var fieldExercises = map[string]exercise{
	"2.1 Sees": {
		names: []string{"kernels", "strides"},
		cases: [][]any{{[]int{3}, []int{1}}, {[]int{3, 3, 3}, []int{1, 1, 1}}, {[]int{3, 3, 3}, []int{2, 2, 2}}, {[]int{7, 2, 3, 2}, []int{2, 2, 1, 2}}, {[]int{1, 5}, []int{3, 1}}},
		want: func(kernels, strides []int) int {
			return must(windowed(kernels, strides, nil).ReceptiveField([]int{64, 64, 1}, ""))[0].Size
		},
		mistakes: []mistake{
			{func(kernels, strides []int) int {
				size := 1
				for _, k := range kernels {
					size += k - 1
				}
				return size
			}, "The strides are missing: a step of a later layer is several pixels.", "漏了步长：后面的层移动一步，相当于好几个像素。"},
			{func(kernels, strides []int) int {
				size, jump := 1, 1
				for i, k := range kernels {
					jump *= strides[i]
					size += (k - 1) * jump
				}
				return size
			}, "A layer's own stride counts from the next layer on.", "一层自己的步长从下一层起才起作用。"},
			{func(kernels, strides []int) int {
				size, jump := 0, 1
				for i, k := range kernels {
					size += k * jump
					jump *= strides[i]
				}
				return size
			}, "A kernel adds k − 1 steps, not k: start from 1.", "一个核增加 k − 1 步，不是 k 步：从 1 开始。"},
		},
	},
	"2.1 Start": {
		names: []string{"kernels", "strides", "paddings"},
		cases: [][]any{{[]int{3}, []int{1}, []int{1}}, {[]int{3, 3}, []int{1, 1}, []int{1, 1}}, {[]int{3, 3}, []int{2, 2}, []int{1, 1}}, {[]int{7, 3, 3}, []int{2, 2, 1}, []int{3, 1, 1}}, {[]int{3, 3}, []int{1, 1}, []int{0, 0}}},
		want: func(kernels, strides, paddings []int) int {
			return int(must(windowed(kernels, strides, paddings).ReceptiveField([]int{64, 64, 1}, ""))[0].Start)
		},
		mistakes: []mistake{
			{func(kernels, strides, paddings []int) int {
				sum := 0
				for _, p := range paddings {
					sum -= p
				}
				return sum
			}, "Padding of a later layer is counted in that layer's pixels: multiply by the jump.", "后面各层的填充以该层的像素为单位：要乘以间距 jump。"},
			{func(kernels, strides, paddings []int) int {
				start, jump := 0, 1
				for i := range kernels {
					start += paddings[i] * jump
					jump *= strides[i]
				}
				return start
			}, "Padding moves the start to the left: it is negative.", "填充使起点左移：应为负数。"},
			{func(kernels, strides, paddings []int) int {
				start, jump := 0, 1
				for i := range kernels {
					jump *= strides[i]
					start -= paddings[i] * jump
				}
				return start
			}, "A layer's own stride counts from the next layer on.", "一层自己的步长从下一层起才起作用。"},
		},
	},
	"2.1 Needed": {
		names: []string{"k", "size"},
		cases: [][]any{{3, 7}, {3, 8}, {5, 32}, {2, 10}, {7, 3}, {1, 2}},
		want: func(k, size int) int {
			for n := 1; n <= 40; n++ {
				strides, kernels := make([]int, n), make([]int, n)
				for i := range n {
					kernels[i], strides[i] = k, 1
				}
				if must(windowed(kernels, strides, nil).ReceptiveField([]int{200, 200, 1}, ""))[0].Size >= size {
					return n
				}
			}
			return -1
		},
		mistakes: []mistake{
			{func(k, size int) int {
				if k == 1 {
					return -1
				}
				return max(1, (size-1)/(k-1))
			}, "Rounded down: then the last pixels are not seen; round up.", "向下取整了：最后几个像素看不到，应当向上取整。"},
			{func(k, size int) int {
				if k == 1 {
					return -1
				}
				return max(1, ceil(size, k))
			}, "Each further layer adds k − 1 pixels, not k.", "每多一层增加 k − 1 个像素，不是 k 个。"},
			{func(k, size int) int {
				if k == 1 {
					return -1
				}
				return (size - 1 + k - 2) / (k - 1) * 2
			}, "A layer adds k − 1 pixels: (k − 1)/2 on each side.", "一层增加 k − 1 个像素：每侧 (k − 1)/2 个。"},
		},
	},
	"2.2 Weights": {
		names: []string{"k", "c"},
		cases: [][]any{{3, 64}, {5, 64}, {7, 64}, {9, 16}, {15, 8}},
		want: func(k, c int) int {
			return int(Costs([]int{20, 20, c}, Stacked(c, layersFor(k))...).Params)
		},
		mistakes: []mistake{
			{func(k, c int) int { return k * k * c * c }, "That is the one large kernel.", "这是那一个大核的权重。"},
			{func(k, c int) int { return 9 * (k - 1) / 2 * c }, "Every layer goes from c to c channels: c².", "每一层都从 c 个通道到 c 个通道：是 c²。"},
			{func(k, c int) int { return 9 * (k / 3) * c * c }, "Each layer adds 2 to what is seen: (k − 1)/2 layers.", "每层使感受野增加 2：共 (k − 1)/2 层。"},
			{func(k, c int) int { return 9 * (k + 1) / 2 * c * c }, "Off by one layer: one layer sees 3, not 1.", "多了一层：一层看到的是 3，不是 1。"},
		},
	},
	"2.2 Share": {
		names: []string{"k"},
		cases: [][]any{{7}, {3}, {5}, {9}, {15}},
		want: func(k int) float64 {
			in := []int{20, 20, 8}
			return float64(Costs(in, Stacked(8, layersFor(k))...).Params) / float64(params(square(8, k), in...))
		},
		mistakes: []mistake{
			{func(k int) float64 { return 9 / float64(k*k) }, "That is a single 3×3 layer.", "这只是一层 3×3。"},
			{func(k int) float64 { return float64(k*k) / float64(9*((k-1)/2)) }, "Upside down: the stack over the large kernel.", "颠倒了：应为堆叠的除以大核的。"},
			{func(k int) float64 { return float64((k-1)/2) / float64(k*k) }, "Each layer has nine weights.", "每一层有九个权重。"},
		},
	},
	"2.2 Channels": {
		names: []string{"c"},
		cases: [][]any{{64}, {2}, {16}, {49}, {256}},
		want: func(c int) int {
			budget, n := Costs([]int{8, 8, c}, Stacked(c, 3)...).Params, 0
			for Costs([]int{8, 8, n + 1}, square(n+1, 7)).Params <= budget {
				n++
			}
			return n
		},
		mistakes: []mistake{
			{func(c int) int { return 27 * c / 49 }, "The weights grow with the square of the channels: take the root.", "权重数随通道数的平方增长：要开平方。"},
			{func(c int) int { return int(math.Ceil(math.Sqrt(27.0 / 49 * float64(c*c)))) }, "Rounded up: that is over the budget.", "向上取整了：超出了预算。"},
			{func(c int) int { return c }, "A 7×7 layer with as many channels has 49c² weights.", "通道数相同时，7×7 的层有 49c² 个权重。"},
		},
	},
}

// windowed is a network of convolutions with these kernels, strides and
// paddings.
func windowed(kernels, strides, paddings []int) cnnlib.Sequential {
	net := cnnlib.Sequential{}
	for i := range kernels {
		c := cnnlib.Conv{Out: 1, Kernel: kernels[i], Stride: strides[i]}
		if paddings != nil {
			c.Padding = paddings[i]
		}
		net = append(net, c)
	}
	return net
}

// square is a k×k layer from c to c channels that keeps the size of the map,
// without bias.
func square(c, k int) cnnlib.Conv { return cnnlib.Conv{Out: c, Kernel: k, Same: true, NoBias: true} }

// Stacked is so many 3×3 layers from c to c channels, without bias, that keep
// the size of the map (lesson 2.2).
func Stacked(c, layers int) cnnlib.Sequential {
	net := cnnlib.Sequential{}
	for range layers {
		net = append(net, square(c, 3))
	}
	return net
}

// layersFor is how many 3×3 layers see k pixels.
func layersFor(k int) int {
	n := 1
	for Sees([]int{20, 20, 1}, Stacked(1, n)...) < k {
		n++
	}
	return n
}
