package lesson

import (
	"math"
)

// evaluationExercises are those of part 3.6.
var evaluationExercises = map[string]exercise{
	"3.6 Recall": {
		names: []string{"confusion", "class"},
		cases: [][]any{{pets, 0}, {pets, 1}, {pets, 2}},
		want: func(confusion [][]int, class int) float64 {
			return float64(confusion[class][class]) / float64(total(confusion[class]))
		},
		mistakes: []mistake{
			{func(confusion [][]int, class int) float64 {
				return float64(confusion[class][class]) / float64(total(column(confusion, class)))
			}, "That is the precision: divide by the images of this class, which are a row.", "这是精确率：应当除以这个类别的图像数，也就是一行的总和。"},
			{func(confusion [][]int, class int) float64 {
				all := 0
				for _, row := range confusion {
					all += total(row)
				}
				return float64(confusion[class][class]) / float64(all)
			}, "Divide by the images of this class alone.", "只除以这个类别的图像数。"},
			{func(confusion [][]int, class int) float64 {
				return 1 - float64(confusion[class][class])/float64(total(confusion[class]))
			}, "That is the share of those that were missed.", "这是漏掉的比例。"},
			{func(confusion [][]int, class int) float64 {
				return float64(confusion[class][class]) / float64(total(confusion[class])-confusion[class][class])
			}, "The right ones belong to the images of the class too.", "判对的图像也要算进这个类别的图像数。"},
		},
	},
	"3.6 Confused": {
		names: []string{"labels", "said", "classes"},
		cases: [][]any{{[]int{0, 1, 2, 0}, []int{0, 2, 2, 1}, 3}, {[]int{1, 1, 0}, []int{0, 0, 1}, 2}},
		want:  func(labels, said []int, classes int) [][]int { return confused(labels, said, classes) },
		mistakes: []mistake{
			{func(labels, said []int, classes int) [][]int { return confused(said, labels, classes) }, "Rows and columns are exchanged: a row is a true class.", "行和列颠倒了：一行是一个真实类别。"},
			{func(labels, said []int, classes int) [][]int {
				out := confused(labels, said, classes)
				for i := range out {
					out[i][i] = 0
				}
				return out
			}, "Right answers are counted too, on the diagonal.", "判对的也要数，它们在对角线上。"},
			{func(labels, said []int, classes int) [][]int {
				out := confused(labels, said, classes)
				for _, row := range out {
					for j := range row {
						row[j] = min(row[j], 1)
					}
				}
				return out
			}, "Count: an image adds 1 to what is there already.", "要计数：每张图像在原来的数上加 1。"},
		},
	},
	"3.6 Wilson": {
		names: []string{"right", "n"},
		cases: [][]any{{6020, 10000}, {9, 10}, {0, 20}, {20, 20}},
		want:  func(right, n int) (low, high float64) { return wilson(right, n, 1.96) },
		mistakes: []mistake{
			{func(right, n int) (float64, float64) {
				p := float64(right) / float64(n)
				half := 1.96 * math.Sqrt(p*(1-p)/float64(n))
				return p - half, p + half
			}, "That is the simple interval p ± 1.96·√(p(1−p)/n): it has no width where all are right.", "这是简单区间 p ± 1.96·√(p(1−p)/n)：全部判对时它的宽度为 0。"},
			{func(right, n int) (float64, float64) { return wilson(right, n, 1) }, "z is 1.96 for 95 %, not 1.", "95 % 时 z 是 1.96，不是 1。"},
			{func(right, n int) (float64, float64) {
				low, high := wilson(right, n, 1.96)
				by := 1 + 1.96*1.96/float64(n)
				return low * by, high * by
			}, "The division by 1 + z²/n is missing.", "漏了除以 1 + z²/n。"},
			{func(right, n int) (float64, float64) {
				low, high := wilson(right, n, 1.96)
				return high, low
			}, "The lower end comes first.", "下限在前。"},
		},
	},
}

// pets is a small confusion matrix.
var pets = [][]int{{8, 1, 1}, {3, 16, 1}, {2, 2, 26}}

func total(counts []int) (sum int) {
	for _, n := range counts {
		sum += n
	}
	return sum
}

func column(counts [][]int, j int) (all []int) {
	for _, row := range counts {
		all = append(all, row[j])
	}
	return all
}

func confused(labels, said []int, classes int) [][]int {
	out := make([][]int, classes)
	for i := range out {
		out[i] = make([]int, classes)
	}
	for i, label := range labels {
		out[label][said[i]]++
	}
	return out
}

// wilson is the interval of Wilson (1927) for a share of right in n.
func wilson(right, n int, z float64) (low, high float64) {
	p, m := float64(right)/float64(n), float64(n)
	middle := p + z*z/(2*m)
	half := z * math.Sqrt(p*(1-p)/m+z*z/(4*m*m))
	return (middle - half) / (1 + z*z/m), (middle + half) / (1 + z*z/m)
}
