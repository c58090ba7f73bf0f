package train

import (
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
)

// MeanIoU is the mean over classes of intersection over union: of the places
// that have a class and the places where the network says so, those in both
// over those in either. Classes that neither has anywhere do not count.
type MeanIoU struct{}

// Name is "mean IoU".
func (MeanIoU) Name() string { return "mean IoU" }

// Check implements Metric.
func (MeanIoU) Check(output []int, target Target) error {
	return checkLabels("mean IoU", output, target)
}

// Sums are [classes intersections, classes unions]: 2·classes numbers.
func (MeanIoU) Sums(logits, targets *graph.Node) *graph.Node {
	classes := 2
	if dims := logits.Shape().Dimensions; logits.Rank() > targets.Rank() {
		classes = max(2, dims[len(dims)-1])
	}
	said, truth := graph.OneHot(predicted(logits, targets), classes, dtypes.Bool), graph.OneHot(targets, classes, dtypes.Bool)
	places := make([]int, targets.Rank())
	for i := range places {
		places[i] = i
	}
	number := func(which *graph.Node) *graph.Node {
		return graph.ConvertDType(graph.ReduceSum(graph.ConvertDType(which, dtypes.Int32), places...), dtypes.Float32)
	}
	return graph.Concatenate([]*graph.Node{number(graph.LogicalAnd(said, truth)), number(graph.LogicalOr(said, truth))}, 0)
}

// Value is the mean, over the classes that occur, of intersection over union; the
// 2·classes sums are as Sums makes them.
func (MeanIoU) Value(sums []float64) float64 {
	total, n := 0.0, 0
	for i := range len(sums) / 2 {
		if union := sums[len(sums)/2+i]; union > 0 {
			total += sums[i] / union
			n++
		}
	}
	return total / float64(n)
}
