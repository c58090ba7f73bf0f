package lesson

import (
	"slices"

	"convlab/cnnlib"
)

// beyondExercises are those of parts 4.1 and 4.2.
var beyondExercises = map[string]exercise{
	"4.1 IoU": {
		names: []string{"said", "truth", "class"},
		cases: [][]any{
			{[]uint8{0, 1, 1, 1, 0, 1}, []uint8{0, 0, 1, 1, 1, 2}, uint8(0)},
			{[]uint8{0, 1, 1, 1, 0, 1}, []uint8{0, 0, 1, 1, 1, 2}, uint8(1)},
			{[]uint8{0, 1, 1, 1, 0, 1}, []uint8{0, 0, 1, 1, 1, 2}, uint8(2)},
			{[]uint8{3, 3, 0}, []uint8{3, 3, 0}, uint8(3)},
			{[]uint8{1, 1, 1, 1}, []uint8{1, 0, 0, 0}, uint8(1)},
		},
		want: func(said, truth []uint8, class uint8) float64 {
			both, a, b := overlap(said, truth, class)
			return both / (a + b - both)
		},
		mistakes: []mistake{
			{func(said, truth []uint8, class uint8) float64 {
				both, _, b := overlap(said, truth, class)
				return both / b
			}, "That is the share of the class that was found: pixels called so wrongly must count too.", "这是该类被找到的比例：误判成该类的像素也要算进去。"},
			{func(said, truth []uint8, class uint8) float64 {
				both, a, b := overlap(said, truth, class)
				return both / (a + b)
			}, "The pixels that both have are counted twice in the union.", "两边都有的像素在并集里数了两次。"},
			{func(said, truth []uint8, class uint8) float64 {
				both, a, b := overlap(said, truth, class)
				return 2 * both / (a + b)
			}, "That is the Dice score.", "这是 Dice 系数。"},
		},
	},
	"4.1 Bottom": {
		names: []string{"sizes"},
		cases: [][]any{{0}, {1}, {2}, {3}},
		want: func(sizes int) int {
			var net cnnlib.Sequential
			two := func() { net = append(net, cnnlib.Conv{Out: 1, Kernel: 3}, cnnlib.Conv{Out: 1, Kernel: 3}) }
			for range sizes {
				two()
				net = append(net, cnnlib.MaxPool{Size: 2})
			}
			two()
			return Sees([]int{256, 256, 1}, net...)
		},
		mistakes: []mistake{
			{func(sizes int) int { return 1 + 4*(sizes+1) }, "Pooling doubles the jump: below it each layer adds twice as many pixels.", "池化使 jump 加倍：在它之下，每层增加的像素是两倍。"},
			{func(sizes int) int { return bottom(sizes, 4, 0, 4) }, "The pooling itself adds a pixel times the jump.", "池化本身也要增加 1 乘以 jump 个像素。"},
			{func(sizes int) int { return bottom(sizes, 4, 1, 0) }, "The two convolutions at the bottom are missing.", "漏了底部的两个卷积。"},
			{func(sizes int) int { return bottom(sizes, 2, 1, 2) }, "Each size has two convolutions.", "每种尺寸上有两个卷积。"},
		},
	},
	"4.1 Doubled": {
		names: []string{"row"},
		cases: [][]any{{[]float64{0, 4, 8}}, {[]float64{1, 1, 5, 1}}, {[]float64{3, 7}}},
		want: func(row []float64) []float64 {
			var out []float64
			for _, v := range Through(cnnlib.Upsample{Factor: 2, Linear: true}, MapOf(row, row))[0] {
				out = append(out, float64(v))
			}
			return out
		},
		mistakes: []mistake{
			{func(row []float64) []float64 { return doubled(row, 1, row[0], row[len(row)-1]) }, "Each pixel twice: that is the nearest one, not bilinear.", "每个像素重复两次：这是最近邻，不是双线性。"},
			{func(row []float64) []float64 { return doubled(row, 0.75, 0, 0) }, "Outside of the border is not 0: the outermost pixel goes on.", "边界之外不是 0，而是按最边上的像素延伸。"},
			{func(row []float64) []float64 { return doubled(row, 0.5, row[0], row[len(row)-1]) }, "Halfway to the neighbour is too far: the new pixels lie a quarter away.", "到邻居的一半太远了：新像素在四分之一处。"},
		},
	},
	"4.2 Differences": {
		names: []string{"clip", "frames"},
		cases: [][]any{{[]uint8{10, 200, 30, 10, 100, 35, 10, 250, 5}, 3}, {[]uint8{1, 2, 3, 5}, 2}, {[]uint8{7, 7, 3}, 3}},
		want:  func(clip []uint8, frames int) []int { return differences(clip, len(clip)/frames, 1) },
		mistakes: []mistake{
			{func(clip []uint8, frames int) []int { return differences(clip, len(clip)/frames, -1) }, "The other way round: this frame minus the one before.", "方向反了：应当是这一帧减前一帧。"},
			{func(clip []uint8, frames int) []int { return differences(clip, 1, 1) }, "That is the pixel beside it, not the same pixel of the frame before.", "这是旁边的像素，不是前一帧的同一个像素。"},
			{func(clip []uint8, frames int) []int { return differences(clip, frames, 1) }, "A frame has len(clip)/frames pixels.", "一帧有 len(clip)/frames 个像素。"},
			{func(clip []uint8, frames int) []int {
				out := differences(clip, len(clip)/frames, 1)
				for i := range out {
					out[i] = int(uint8(out[i]))
				}
				return out
			}, "Bytes cannot be negative: make an int of each before you subtract.", "字节不能是负数：相减之前先变成 int。"},
		},
	},
	"4.2 Inflate": {
		names: []string{"kernel", "depth"},
		cases: [][]any{{[]float32{1, 2, 3, 4}, 3}, {[]float32{6}, 2}, {[]float32{1, -1}, 1}},
		want:  func(kernel []float32, depth int) []float32 { return inflated(kernel, depth, float32(depth)) },
		mistakes: []mistake{
			{func(kernel []float32, depth int) []float32 { return inflated(kernel, depth, 1) }, "On a clip that stands still this gives depth times too much: divide.", "对静止的视频，结果大了 depth 倍：要除以 depth。"},
			{func(kernel []float32, depth int) []float32 {
				var out []float32
				for _, w := range kernel {
					for range depth {
						out = append(out, w/float32(depth))
					}
				}
				return out
			}, "The depth is the first axis: one whole slice after the other.", "深度是第一个轴：应当一片接一片。"},
			{func(kernel []float32, depth int) []float32 { return inflated(kernel, 1, float32(depth)) }, "There is one slice only.", "只有一片。"},
		},
	},
	"4.2 Factorised": {
		names: []string{"k", "in", "middle", "out"},
		cases: [][]any{{3, 8, 16, 32}, {3, 1, 4, 2}, {5, 3, 6, 7}},
		want: func(k, in, middle, out int) int {
			space := cnnlib.Conv{Out: middle, NoBias: true, Axes: []cnnlib.Window{{Kernel: 1}, {Kernel: k}, {Kernel: k}}}
			time := cnnlib.Conv{Out: out, NoBias: true, Axes: []cnnlib.Window{{Kernel: k}, {Kernel: 1}, {Kernel: 1}}}
			return int(Costs([]int{k, k, k, in}, space, time).Params)
		},
		mistakes: []mistake{
			{func(k, in, middle, out int) int { return k * k * k * in * out }, "That is the one convolution of k×k×k.", "这是一个 k×k×k 卷积。"},
			{func(k, in, middle, out int) int { return k*k*in*middle + k*in*out }, "The second convolution reads the middle channels.", "第二个卷积读的是中间通道。"},
			{func(k, in, middle, out int) int { return k*k*in*middle + middle + k*middle*out + out }, "Asked is for the weights without bias.", "问的是不计偏置的权重数。"},
			{func(k, in, middle, out int) int { return k*k*in*middle + k*k*middle*out }, "In time the kernel is k long, not k×k.", "时间方向的核长为 k，不是 k×k。"},
		},
	},
}

// overlap counts the pixels of a class: of both, of the answer, of the truth.
func overlap(said, truth []uint8, class uint8) (both, a, b float64) {
	for i := range truth {
		if said[i] == class {
			a++
		}
		if truth[i] == class {
			b++
		}
		if said[i] == class && truth[i] == class {
			both++
		}
	}
	return both, a, b
}

// bottom is what a unit sees below so many poolings, if the layers of each size
// and of the bottom add this many jumps, and each pooling that many.
func bottom(sizes, layers, pooling, last int) int {
	size, jump := 1, 1
	for range sizes {
		size += (layers + pooling) * jump
		jump *= 2
	}
	return size + last*jump
}

// doubled is each pixel of row as two, with this share of itself and the rest
// of the neighbour; first and last stand beside the row.
func doubled(row []float64, share, first, last float64) []float64 {
	wide := slices.Concat([]float64{first}, row, []float64{last})
	var out []float64
	for i := 1; i <= len(row); i++ {
		out = append(out, share*wide[i]+(1-share)*wide[i-1], share*wide[i]+(1-share)*wide[i+1])
	}
	return out
}

// differences are sign times each number minus the one so many places before.
func differences(clip []uint8, back, sign int) []int {
	out := []int{}
	for i := back; i < len(clip); i++ {
		out = append(out, sign*(int(clip[i])-int(clip[i-back])))
	}
	return out
}

// inflated is the kernel as so many slices, divided.
func inflated(kernel []float32, slices int, by float32) []float32 {
	var out []float32
	for range slices {
		for _, w := range kernel {
			out = append(out, w/by)
		}
	}
	return out
}
