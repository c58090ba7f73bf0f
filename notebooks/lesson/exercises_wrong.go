package lesson

import (
	"math"

	"convlab/cnnlib"
)

// wrongExercises are those of part 3.9.
var wrongExercises = map[string]exercise{
	"3.9 Floor": {
		names: []string{"classes"},
		cases: [][]any{{10}, {2}, {1000}},
		want: func(classes int) float64 {
			sure := make([]float32, classes)
			sure[0] = 1
			return -math.Log(float64(cnnlib.Softmax(sure)[0]))
		},
		mistakes: []mistake{
			{func(classes int) float64 { return math.Log(float64(classes)) }, "That is the loss of a network that knows nothing.", "这是什么都不懂的网络的损失。"},
			{func(classes int) float64 { return math.Log(math.E+float64(classes)) - 1 }, "Only the other classes add 1 each: there are n − 1 of them.", "只有其余的类别各加 1：一共 n − 1 个。"},
			{func(classes int) float64 { return math.Log(math.E + float64(classes) - 1) }, "The logarithm of the numerator, 1, is missing.", "漏了分子的对数 1。"},
			{func(classes int) float64 { return 1 - math.Log(math.E+float64(classes)-1) }, "The loss is minus the logarithm.", "损失是负的对数。"},
		},
	},
	"3.9 Alone": {
		names: []string{"n", "size"},
		cases: [][]any{{2049, 256}, {2048, 256}, {50, 1}, {1, 8}, {10, 3}, {12, 3}, {5, 7}},
		want: func(n, size int) bool {
			for n > size {
				n -= size
			}
			return n == 1 || size == 1
		},
		mistakes: []mistake{
			{func(n, size int) bool { return n%size == 1 }, "In batches of 1 every image is alone, though the remainder is 0.", "每批 1 张时每张都是单独的，余数却是 0。"},
			{func(n, size int) bool { return n%size == 0 }, "A remainder of 0 means that the last batch is full.", "余数为 0 说明最后一个批次是满的。"},
			{func(n, size int) bool { return n%size != 0 }, "Any remainder: asked is for a remainder of one image.", "这是有没有余数：问的是余数是不是一张图像。"},
			{func(n, size int) bool { return size == 1 }, "The last batch can be smaller than the others.", "最后一个批次可能比其他批次小。"},
		},
	},
	"3.9 Shift": {
		names: []string{"counts"},
		cases: [][]any{
			{[][]int{{4, 0, 5}, {9, 4, 0}, {0, 9, 4}}},
			{[][]int{{1, 8, 1}, {0, 1, 9}, {9, 0, 1}}},
			{[][]int{{0, 1, 5, 0}, {1, 0, 1, 4}, {6, 0, 0, 0}, {0, 2, 3, 0}}},
			{[][]int{{9, 1, 0}, {0, 9, 1}, {20, 1, 9}}},
		},
		want: func(counts [][]int) int { return shifted(counts, 1) },
		mistakes: []mistake{
			{func(counts [][]int) int { return shifted(counts, -1) }, "The other way round: the answer is the class plus the shift.", "方向反了：回答等于类别加上错位。"},
			{func(counts [][]int) int {
				row, column := 0, 0
				for c := range counts {
					for a := range counts[c] {
						if counts[c][a] > counts[row][column] {
							row, column = c, a
						}
					}
				}
				return (column - row + len(counts)) % len(counts)
			}, "One large number is not enough: add up over all classes.", "只看一个最大的数不够：要把所有类别加起来。"},
			{func(counts [][]int) int {
				best, most := 0, -1
				for s := range counts {
					sum := 0
					for c := 0; c+s < len(counts); c++ {
						sum += counts[c][c+s]
					}
					if sum > most {
						best, most = s, sum
					}
				}
				return best
			}, "The last classes are called by the first names: count modulo n.", "最后几个类别会被叫作最前面的名字：要对 n 取余。"},
		},
	},
}

// shifted is the shift of most answers, counted in this direction.
func shifted(counts [][]int, direction int) int {
	n, sums := len(counts), make([]int, len(counts))
	for c, row := range counts {
		for answer, count := range row {
			sums[(direction*(answer-c)%n+n)%n] += count
		}
	}
	best := 0
	for s, sum := range sums {
		if sum > sums[best] {
			best = s
		}
	}
	return best
}
