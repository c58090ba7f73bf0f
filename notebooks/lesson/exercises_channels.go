package lesson

import (
	"convlab/cnnlib"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// channelExercises are those of parts 1.7 to 1.9.
var channelExercises = map[string]exercise{
	"1.7 Params": {
		names: []string{"n", "k", "c"},
		cases: [][]any{{1, 3, 64}, {32, 3, 16}, {8, 5, 3}, {2, 1, 1}},
		want:  func(n, k, c int) int { return params(cnnlib.FlattenedConv{Out: n, Kernel: k}, 9, 9, c) },
		mistakes: []mistake{
			{func(n, k, c int) int { return n * (2*k + c) }, "The biases are missing: one for each filter.", "漏了偏置：每个卷积核有一个。"},
			{func(n, k, c int) int { return n*(2*k+c) + 1 }, "One bias for each filter, not one for all.", "每个卷积核各有一个偏置，而不是共用一个。"},
			{func(n, k, c int) int { return n * (k*k*c + 1) }, "That is the standard convolution: the three kernels are added, not multiplied.", "这是标准卷积：三个核的权重数应相加，而不是相乘。"},
			{func(n, k, c int) int { return n * (k + c + 1) }, "There are two kernels along the image: one down and one across.", "沿图像的核有两个：一个竖着，一个横着。"},
		},
	},
	"1.7 Box": {
		names: []string{"along", "down", "across"},
		cases: [][]any{{[]float32{2, -1}, []float32{1, 2, 1}, []float32{-1, 0, 1}}, {[]float32{1, 3, 5}, []float32{1, 2}, []float32{4, 7}}},
		want: func(along, down, across []float32) Maps {
			var box Maps
			for _, c := range along { // a weight at a time, from three steps over an impulse in its channel
				slice := Filled(len(down), len(across), 0)
				for y := range down {
					for x := range across {
						spot := Filled(len(down), len(across), 0)
						spot[y][x] = 1
						step := Apply(cnnlib.Conv{}, Apply(cnnlib.Conv{}, spot, Map{{c}}), columnOf(down))
						slice[y][x] = Apply(cnnlib.Conv{}, step, Map{across})[0][0]
					}
				}
				box = append(box, slice)
			}
			return box
		},
		mistakes: []mistake{
			{func(along, down, across []float32) Maps { return boxOf(along, across, down) }, "Down and across are exchanged.", "竖着和横着弄反了。"},
			{func(along, down, across []float32) Maps {
				return boxBy(along, down, across, func(c, y, x float32) float32 { return c + y + x })
			}, "The three numbers are multiplied, not added.", "三个数应当相乘，而不是相加。"},
			{func(along, down, across []float32) Maps {
				return boxBy(along, down, across, func(c, y, x float32) float32 { return y * x })
			}, "The weight of the channel is missing.", "漏了通道的权重。"},
		},
	},
	"1.7 Channels": {
		names: []string{"share"},
		cases: [][]any{{0.9}, {0.5}, {0.3}, {0.2}, {0.12}, {0.1}},
		want: func(share float64) int {
			for c := 1; c <= 100; c++ {
				flat, full := params(cnnlib.FlattenedConv{Out: 1, Kernel: 3, NoBias: true}, 4, 4, c), params(cnnlib.Conv{Out: 1, Kernel: 3, NoBias: true}, 4, 4, c)
				if float64(flat) < share*float64(full) {
					return c
				}
			}
			return -1
		},
		mistakes: []mistake{
			{func(share float64) int {
				if share <= 1.0/9 {
					return -1
				}
				c := 1
				for float64(c+3) >= share*float64(9*c) {
					c++
				}
				return c
			}, "Down and across are three weights each: c + 6.", "竖着和横着各有三个权重：共 c + 6。"},
			{func(share float64) int {
				if share <= 1.0/9 {
					return -1
				}
				return int(6 / (9*share - 1))
			}, "Rounded down: there the share is not reached yet.", "向下取整了：这时还没有低于该比例。"},
			{func(share float64) int {
				for c := 1; ; c++ {
					if float64(c+6) < max(share, 0.12)*float64(9*c) {
						return c
					}
				}
			}, "Below 1/9 it never happens: give −1.", "比例不超过 1/9 时永远做不到：应返回 −1。"},
		},
	},
	"1.8 Weights": {
		names: []string{"in", "out", "k", "groups"},
		cases: [][]any{{12, 12, 3, 1}, {12, 12, 3, 3}, {96, 256, 5, 2}, {64, 64, 3, 64}, {8, 16, 1, 4}},
		want: func(in, out, k, groups int) int {
			return params(cnnlib.Conv{Out: out, Kernel: k, Groups: groups, NoBias: true}, 8, 8, in)
		},
		mistakes: []mistake{
			{func(in, out, k, groups int) int { return in * out * k * k }, "The groups are missing: a filter reads only the channels of its group.", "没有考虑分组：一个卷积核只读本组的通道。"},
			{func(in, out, k, groups int) int { return in / groups * out / groups * k * k }, "That is one group: there are as many as groups says.", "这只是一组：一共有 groups 组。"},
			{func(in, out, k, groups int) int { return in*out*k*k/groups + out }, "Without bias, the exercise says.", "题目说没有偏置。"},
		},
	},
	"1.8 Reads": {
		names: []string{"o", "in", "out", "groups"},
		cases: [][]any{{11, 12, 12, 3}, {0, 12, 12, 3}, {5, 12, 6, 2}, {2, 12, 6, 2}, {9, 8, 16, 4}, {3, 6, 6, 1}, {4, 5, 5, 5}},
		want: func(o, in, out, groups int) (first, last int) {
			first = -1
			for i, sees := range must(cnnlib.Sequential{cnnlib.Conv{Out: out, Kernel: 1, Groups: groups}}.Reach([]int{4, 4, in}))[o] {
				if sees {
					last = i
					if first < 0 {
						first = i
					}
				}
			}
			return first, last
		},
		mistakes: []mistake{
			{func(o, in, out, groups int) (first, last int) {
				first = o / (out / groups) * (in / groups)
				return first, first + in/groups
			}, "Off by one: the last channel is the one before the next group.", "差了一：最后一个通道是下一组之前的那个。"},
			{func(o, in, out, groups int) (first, last int) {
				first = o / (in / groups) * (in / groups)
				return first, first + in/groups - 1
			}, "Which group an output is in depends on out, not on in.", "输出属于哪一组，要看 out，而不是 in。"},
			{func(o, in, out, groups int) (first, last int) { return 0, in - 1 }, "That is a convolution without groups.", "这是不分组的卷积。"},
		},
	},
	"1.8 Groups": {
		names: []string{"c", "k", "budget"},
		cases: [][]any{{12, 3, 1296}, {12, 3, 1295}, {12, 3, 300}, {12, 3, 107}, {64, 5, 9999}, {30, 1, 100}},
		want: func(c, k, budget int) int {
			for g := 1; g <= c; g++ {
				info, err := cnnlib.Conv{Out: c, Kernel: k, Groups: g, NoBias: true}.Check([]int{8, 8, c})
				if err == nil && info.Params() <= int64(budget) {
					return g
				}
			}
			return -1
		},
		mistakes: []mistake{
			{func(c, k, budget int) int {
				for g := 1; g <= c; g++ {
					if k*k*c*c <= budget*g {
						return g
					}
				}
				return -1
			}, "The number of groups must divide the channels.", "组数必须整除通道数。"},
			{func(c, k, budget int) int {
				for g := 1; g <= c; g++ {
					if c%g == 0 && k*k*c*c/g < budget {
						return g
					}
				}
				return -1
			}, "Exactly the budget is allowed: ≤, not <.", "恰好等于预算是允许的：用 ≤，不是 <。"},
			{func(c, k, budget int) int {
				for g := 1; g < c; g++ {
					if c%g == 0 && k*k*c*c/g <= budget {
						return g
					}
				}
				return c
			}, "Where even c groups take more, give −1.", "分成 c 组仍超预算时，应返回 −1。"},
		},
	},
	"1.9 Order": {
		names: []string{"channels", "groups"},
		cases: [][]any{{12, 3}, {12, 4}, {12, 1}, {8, 8}, {30, 5}},
		want:  func(channels, groups int) []int { return Shuffled(channels, groups) },
		mistakes: []mistake{
			{func(channels, groups int) []int { return Shuffled(channels, channels/groups) }, "Rows and columns are exchanged: that undoes the shuffle.", "行和列颠倒了：这是混洗的逆操作。"},
			{func(channels, groups int) []int { return Shuffled(channels, 1) }, "The channels are still in their old order.", "通道还是原来的顺序。"},
		},
	},
	"1.9 Place": {
		names: []string{"channel", "channels", "groups"},
		cases: [][]any{{1, 12, 3}, {5, 12, 3}, {11, 12, 3}, {4, 12, 4}, {7, 30, 5}},
		want: func(channel, channels, groups int) int {
			for place, c := range Shuffled(channels, groups) {
				if c == channel {
					return place
				}
			}
			return -1
		},
		mistakes: []mistake{
			{func(channel, channels, groups int) int { return Shuffled(channels, groups)[channel] }, "That tells which channel comes to this place; asked is where this channel goes.", "这是来到这个位置的通道；问的是这个通道去了哪里。"},
			{func(channel, channels, groups int) int { return channel % groups * (channels / groups) }, "The place inside the new group is missing.", "漏了它在新一组内的位置。"},
			{func(channel, channels, groups int) int { return channel }, "The shuffle moves it.", "混洗会移动它。"},
		},
	},
	"1.9 Layers": {
		names: []string{"c", "g"},
		cases: [][]any{{12, 3}, {12, 1}, {12, 2}, {12, 4}, {12, 6}, {12, 12}, {16, 8}, {64, 4}, {27, 9}},
		want: func(c, g int) int {
			for layers := 1; layers <= 10; layers++ {
				if Connected(c, g, layers, true) == 1 {
					return layers
				}
			}
			return -1
		},
		mistakes: []mistake{
			{func(c, g int) int {
				if g == c {
					return -1
				}
				layers := 0
				for seen := c / g; seen < c; seen *= c / g {
					layers++
				}
				return layers
			}, "That counts the shuffles; there is one layer more.", "这是混洗的次数；层数还要多一层。"},
			{func(c, g int) int {
				if g == c {
					return -1
				}
				return ceil(c, c/g)
			}, "What is seen is multiplied by c/g in each layer, not increased by it.", "每加一层，看到的通道数是乘以 c/g，而不是加上 c/g。"},
			{func(c, g int) int {
				layers := 1
				for seen := c / g; seen < c && seen > 1; seen *= c / g {
					layers++
				}
				return layers
			}, "A channel that is alone in its group is never mixed: give −1.", "独自成组的通道永远不会混合：应返回 −1。"},
		},
	},
}

func columnOf(v []float32) Map {
	m := make(Map, len(v))
	for i, x := range v {
		m[i] = []float32{x}
	}
	return m
}

func boxOf(along, down, across []float32) Maps {
	return boxBy(along, down, across, func(c, y, x float32) float32 { return c * y * x })
}

func boxBy(along, down, across []float32, f func(c, y, x float32) float32) Maps {
	var box Maps
	for _, c := range along {
		slice := Filled(len(down), len(across), 0)
		for y := range down {
			for x := range across {
				slice[y][x] = f(c, down[y], across[x])
			}
		}
		box = append(box, slice)
	}
	return box
}

// Shuffled are the channel numbers 0 to channels − 1 after channel shuffles of
// these groups, one after the other, as the layer gives them (lesson 1.9).
func Shuffled(channels int, groups ...int) []int {
	numbers := make([]float32, channels)
	for i := range numbers {
		numbers[i] = float32(i)
	}
	for _, g := range groups {
		_, err := cnnlib.ChannelShuffle{Groups: g}.Check([]int{channels})
		must(0, err)
	}
	y := must(graph.CallOnce(must(cnnlib.OpenBackend()).Backend, func(x *graph.Node) *graph.Node {
		for _, g := range groups {
			x = cnnlib.Shuffle(x, g)
		}
		return x
	}, tensors.FromFlatDataAndDimensions(numbers, 1, channels)))
	order := make([]int, channels)
	for i, v := range must(tensors.CopyFlatData[float32](y)) {
		order[i] = int(v)
	}
	return order
}

// Connected is the share of pairs of input and output channels that are
// connected after so many grouped layers, with or without channel shuffles
// between them.
func Connected(channels, groups, layers int, shuffled bool) float64 {
	net := cnnlib.Sequential{}
	for i := range layers {
		if i > 0 && shuffled {
			net = append(net, cnnlib.ChannelShuffle{Groups: groups})
		}
		net = append(net, cnnlib.Conv{Out: channels, Kernel: 1, Groups: groups})
	}
	return must(net.Reach([]int{4, 4, channels})).Share()
}
