package train

import (
	"fmt"
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
)

// CrossEntropy is PyTorch's CrossEntropyLoss of labels or maps of labels: the
// mean over all places of −log softmax(logits)[label]. Smoothing and Weights
// are those of training; Evaluate measures without smoothing.
type CrossEntropy struct {
	Smoothing float64   // this part of each label is spread over all classes (Szegedy et al. 2015)
	Weights   []float64 // of the classes; the mean is divided by their sum over the labels. None: all 1
}

// Check implements Loss.
func (c CrossEntropy) Check(output []int, target Target) error {
	places := len(target.Shape)
	switch {
	case target.Kind != Labels:
		return fmt.Errorf("train: cross entropy takes labels, the targets are %v: choose another loss, as MeanSquaredError", target)
	case len(output) != places+1 || !slices.Equal(output[:places], target.Shape):
		return fmt.Errorf("train: cross entropy of %v takes a number for each class at each place, [%s], but the network gives %v",
			target, joined(target.Shape, "classes"), output)
	case classesOf(output, target) > output[places]:
		return fmt.Errorf("train: cross entropy takes a number for each of %d classes, but the network gives %d", classesOf(output, target), output[places])
	case !(c.Smoothing >= 0 && c.Smoothing < 1):
		return fmt.Errorf("train: label smoothing must be from 0 up to 1, got %g", c.Smoothing)
	case c.Weights != nil && len(c.Weights) != output[places]:
		return fmt.Errorf("train: %d weights of classes were given, the network has %d classes", len(c.Weights), output[places])
	}
	sum := 0.0
	for class, w := range c.Weights {
		if !(w >= 0) {
			return fmt.Errorf("train: the weight of class %d must not be below 0, got %g", class, w)
		}
		sum += w
	}
	if c.Weights != nil && !(sum > 0) {
		return fmt.Errorf("train: one weight of a class at least must be above 0")
	}
	return nil
}

func joined(sizes []int, last string) string {
	text := ""
	for _, size := range sizes {
		text += fmt.Sprint(size, " ")
	}
	return text + last
}

// Build implements Loss: logits [batch, places..., classes], targets int32
// [batch, places...].
func (c CrossEntropy) Build(logits, targets *graph.Node) *graph.Node {
	g, dims := logits.Graph(), logits.Shape().Dimensions
	classes := dims[len(dims)-1]
	truth, logs := graph.OneHot(targets, classes, dtypes.Float32), graph.LogSoftmax(logits)
	if c.Weights == nil {
		if c.Smoothing != 0 {
			truth = graph.AddScalar(graph.MulScalar(truth, 1-c.Smoothing), c.Smoothing/float64(classes))
		}
		return graph.Neg(graph.ReduceAllMean(graph.ReduceSum(graph.Mul(logs, truth), -1)))
	}
	each := make([]float32, classes)
	for i, w := range c.Weights {
		each[i] = float32(w)
	}
	weights := graph.ExpandLeftToRank(graph.Const(g, each), logits.Rank())
	truth = graph.Mul(truth, weights)
	loss := graph.ReduceAllSum(graph.Mul(logs, truth))
	if c.Smoothing != 0 {
		all := graph.ReduceAllSum(graph.Mul(logs, weights))
		loss = graph.Add(graph.MulScalar(loss, 1-c.Smoothing), graph.MulScalar(all, c.Smoothing/float64(classes)))
	}
	return graph.Neg(graph.Div(loss, graph.ReduceAllSum(truth)))
}
