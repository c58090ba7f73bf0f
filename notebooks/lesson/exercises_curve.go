package lesson

// curveExercises are those of part 3.8.
var curveExercises = map[string]exercise{
	"3.8 MeanLoss": {
		names: []string{"losses", "sizes"},
		cases: [][]any{{[]float64{2, 1, 4}, []int{256, 256, 80}}, {[]float64{1, 3}, []int{10, 10}}, {[]float64{0.5}, []int{7}}},
		want: func(losses []float64, sizes []int) float64 {
			var each []float64 // the loss of every image
			for i, size := range sizes {
				for range size {
					each = append(each, losses[i])
				}
			}
			return mean(each)
		},
		mistakes: []mistake{
			{func(losses []float64, sizes []int) float64 { return mean(losses) }, "The last batch counts as much as the others, though it has fewer images.", "最后一个批次图像较少，却和其他批次分量相同。"},
			{func(losses []float64, sizes []int) float64 { return weighted(losses, sizes) }, "That is the sum: divide by all images.", "这是总和：还要除以全部图像数。"},
			{func(losses []float64, sizes []int) float64 { return weighted(losses, sizes) / float64(len(losses)) }, "Divide by the number of images, not of batches.", "要除以图像数，不是批次数。"},
		},
	},
	"3.8 Smooth": {
		names: []string{"losses", "keep"},
		cases: [][]any{{[]float64{4, 2, 2, 6}, 0.9}, {[]float64{1, 0, 0, 0}, 0.5}, {[]float64{3}, 0.9}, {[]float64{1, 2, 3}, 0.25}},
		want:  func(losses []float64, keep float64) []float64 { return running(losses, keep, losses[0]) },
		mistakes: []mistake{
			{func(losses []float64, keep float64) []float64 { return running(losses, keep, 0) }, "It starts from 0: the first value is the first loss.", "从 0 开始了：第一个值应当是第一个损失。"},
			{func(losses []float64, keep float64) []float64 { return running(losses, 1-keep, losses[0]) }, "The other way round: keep is the share of the old value.", "颠倒了：keep 是旧值所占的份额。"},
			{func(losses []float64, keep float64) []float64 {
				out := []float64{losses[0]}
				for i := range losses[1:] {
					out = append(out, keep*losses[i]+(1-keep)*losses[i+1])
				}
				return out
			}, "That takes the loss of the step before, not the smoothed value.", "这里用的是前一步的损失，不是前一个平滑后的值。"},
		},
	},
	"3.8 Stop": {
		names: []string{"valid", "patience"},
		cases: [][]any{{[]float64{5, 4, 3, 3.5, 3.2, 1}, 2}, {[]float64{5, 4, 3, 2}, 2}, {[]float64{1, 2, 3}, 1}, {[]float64{3, 2, 2, 2, 1}, 2}, {[]float64{3, 2, 4, 3, 2, 1}, 3}},
		want:  func(valid []float64, patience int) int { return stopped(valid, patience, 0, false) },
		mistakes: []mistake{
			{func(valid []float64, patience int) int {
				waited := 0
				for i := 1; i < len(valid); i++ {
					if waited++; valid[i] < valid[i-1] {
						waited = 0
					}
					if waited == patience {
						return i + 1
					}
				}
				return len(valid)
			}, "Compare with the lowest loss so far, not with that of the epoch before.", "要和此前的最低值比，不是和前一轮比。"},
			{func(valid []float64, patience int) int { return stopped(valid, patience, 0, true) }, "An equal loss is not lower: it does not start the waiting anew.", "相等不算更低，不能重新开始等待。"},
			{func(valid []float64, patience int) int { return stopped(valid, patience, 1, false) }, "One epoch too late.", "晚了一轮。"},
			{func(valid []float64, patience int) int { return stopped(valid, patience, 0, false) - 1 }, "Epochs are counted from 1.", "轮次从 1 数起。"},
		},
	},
}

func mean(values []float64) float64 {
	sum := 0.0
	for _, v := range values {
		sum += v
	}
	return sum / float64(len(values))
}

// weighted is the sum of values, each as often as counts says.
func weighted(values []float64, counts []int) (sum float64) {
	for i, v := range values {
		sum += v * float64(counts[i])
	}
	return sum
}

// running is the running mean of values, from this start on.
func running(values []float64, keep, start float64) (out []float64) {
	for i, v := range values {
		if i > 0 || start == 0 {
			v = keep*start + (1-keep)*v
		}
		start = v
		out = append(out, v)
	}
	return out
}

// stopped is the epoch after which early stopping ends, later by so many
// epochs; equal losses count as lower if they may.
func stopped(valid []float64, patience, later int, equal bool) int {
	best := 0
	for i, loss := range valid {
		if loss < valid[best] || equal && loss == valid[best] {
			best = i
		}
		if i-best == patience+later {
			return i + 1
		}
	}
	return len(valid)
}
