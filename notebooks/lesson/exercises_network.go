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
