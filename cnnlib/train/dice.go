package train

import (
	"fmt"
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
)

// Dice is the soft Dice loss for maps (Milletari et al. 2016, without the
// squares): for each image and each channel
//
//	1 − (2·Σ p·t + 1e-5) / (Σ p + Σ t + 1e-5)
//
// over all places, and of that the mean. It makes small areas count as much
// as large ones. Of a map of labels, p is the softmax of the logits and t 1 at
// the label, 0 elsewhere; of targets in the shape of the output, p is their
// sigmoid.
type Dice struct{}

// diceAdded keeps an empty area from being 0/0.
const diceAdded = 1e-5

// Check implements Loss.
func (Dice) Check(output []int, target Target) error {
	if len(output) < 2 {
		return fmt.Errorf("train: the Dice loss is for maps, but the network gives %v", output)
	}
	if places := len(output) - 1; target.Kind == Labels && slices.Equal(output[:places], target.Shape) && output[places] > 1 {
		if target.Classes > output[places] {
			return fmt.Errorf("train: the Dice loss takes a number for each of %d classes, but the network gives %d", target.Classes, output[places])
		}
		return nil
	}
	return sameSize("the Dice loss", output, target)
}

// Build implements Loss: logits [batch, places..., channels].
func (Dice) Build(logits, targets *graph.Node) *graph.Node {
	p, t := graph.Sigmoid(logits), targets
	if dims := logits.Shape().Dimensions; targets.Rank() == logits.Rank()-1 && dims[len(dims)-1] > 1 {
		p, t = graph.Softmax(logits), graph.OneHot(targets, dims[len(dims)-1], dtypes.Float32)
	} else {
		t = like(logits, targets)
	}
	var places []int
	for axis := 1; axis < logits.Rank()-1; axis++ {
		places = append(places, axis)
	}
	both := graph.MulScalar(graph.ReduceSum(graph.Mul(p, t), places...), 2)
	sum := graph.Add(graph.ReduceSum(p, places...), graph.ReduceSum(t, places...))
	return graph.OneMinus(graph.ReduceAllMean(graph.Div(graph.AddScalar(both, diceAdded), graph.AddScalar(sum, diceAdded))))
}
