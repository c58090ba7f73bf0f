package train

import (
	"fmt"
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
)

// Accuracy is the share of labels for which the network's largest output
// stands at the label. Where the network has a single output for each place,
// an output above 0 stands for label 1.
type Accuracy struct{}

// Name is "accuracy".
func (Accuracy) Name() string { return "accuracy" }

// Check implements Metric.
func (Accuracy) Check(output []int, target Target) error {
	return checkLabels("accuracy", output, target)
}

// Sums are [right answers, all answers].
func (Accuracy) Sums(logits, targets *graph.Node) *graph.Node {
	return sums(rightAnswers(logits, targets), count(logits.Graph(), targets.Shape().Size()))
}

// Value is the share of right answers, from 0 to 1, of the two sums [right, all].
func (Accuracy) Value(sums []float64) float64 { return sums[0] / sums[1] }

// TopK is the share of labels that are among the K largest outputs.
type TopK struct {
	K int // 5
}

func (t TopK) k() int {
	if t.K == 0 {
		return 5
	}
	return t.K
}

// Name is as "top 5".
func (t TopK) Name() string { return fmt.Sprintf("top %d", t.k()) }

// Check implements Metric.
func (t TopK) Check(output []int, target Target) error {
	if err := checkLabels(t.Name(), output, target); err != nil {
		return err
	}
	if places := len(target.Shape); len(output) == places || t.k() < 1 || t.k() > output[places] {
		return fmt.Errorf("train: %s is for networks with as many classes at least, this one gives %v", t.Name(), output)
	}
	return nil
}

// Sums are [right answers, all answers]. An answer is right if fewer than K
// outputs are larger than the output of the label.
func (t TopK) Sums(logits, targets *graph.Node) *graph.Node {
	g, dims := logits.Graph(), logits.Shape().Dimensions
	truth := graph.OneHot(targets, dims[len(dims)-1], dtypes.Float32)
	own := graph.InsertAxes(graph.ReduceSum(graph.Where(graph.GreaterThan(truth, graph.ScalarZero(g, dtypes.Float32)), logits, graph.ZerosLike(logits)), -1), -1)
	above := graph.ReduceSum(graph.ConvertDType(graph.GreaterThan(logits, own), dtypes.Int32), -1)
	right := graph.LessThan(above, graph.Const(g, int32(t.k())))
	return sums(counted(right), count(g, targets.Shape().Size()))
}

// Value is the share of right answers, from 0 to 1, of the two sums [right, all].
func (TopK) Value(sums []float64) float64 { return sums[0] / sums[1] }

// checkLabels wants labels, and one output for each place or one for each of
// its classes.
func checkLabels(name string, output []int, target Target) error {
	if !classified(output, target) {
		return fmt.Errorf("train: %s is for labels, and for networks that give a number for each class of each, but the targets are %v and the network gives %v",
			name, target, output)
	}
	return nil
}

// classified tells whether a network's output names a class for each place of
// the targets.
func classified(output []int, target Target) bool {
	places := len(target.Shape)
	return target.Kind == Labels && (slices.Equal(output, target.Shape) ||
		len(output) == places+1 && slices.Equal(output[:places], target.Shape) && classesOf(output, target) <= max(2, output[places]))
}

// predicted is the class that the network says at each place, int32 in the
// shape of targets.
func predicted(logits, targets *graph.Node) *graph.Node {
	if dims := logits.Shape().Dimensions; logits.Rank() > targets.Rank() && dims[len(dims)-1] > 1 {
		return graph.ArgMax(logits, -1, dtypes.Int32)
	}
	one := graph.Reshape(logits, targets.Shape().Dimensions...)
	return graph.ConvertDType(graph.GreaterThan(one, graph.ScalarZero(logits.Graph(), dtypes.Float32)), dtypes.Int32)
}

// rightAnswers is how many places have the class that the network says, as a
// float32 scalar.
func rightAnswers(logits, targets *graph.Node) *graph.Node {
	return counted(graph.Equal(predicted(logits, targets), targets))
}

// counted is how many are true. They are added up as integers, which float32
// would round from 2²⁴ on.
func counted(which *graph.Node) *graph.Node {
	return graph.ConvertDType(graph.ReduceAllSum(graph.ConvertDType(which, dtypes.Int32)), dtypes.Float32)
}

func count(g *graph.Graph, n int) *graph.Node { return graph.Const(g, float32(n)) }

// sums are scalars as one vector.
func sums(all ...*graph.Node) *graph.Node {
	for i, s := range all {
		all[i] = graph.Reshape(s, 1)
	}
	return graph.Concatenate(all, 0)
}
