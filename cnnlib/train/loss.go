package train

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
)

// Loss is the number that training makes small, such as CrossEntropy,
// MeanSquaredError, BinaryCrossEntropy or Dice; LossFunc makes one of a
// function. A run can be resumed only with a loss that prints the same with
// %T%+v.
type Loss interface {
	// Check says what is wrong with the loss, or why it cannot compare what
	// the network gives for one example, float32 of shape output, with targets.
	Check(output []int, target Target) error
	// Build adds the loss of a batch to the graph: logits float32
	// [batch, output...]; targets [batch, target.Shape...], int32 of Labels,
	// float32 of Bytes (from 0 to 1) and of Floats → float32 scalar.
	Build(logits, targets *graph.Node) *graph.Node
}

// LossFunc makes a Loss of a function that does what Loss.Build describes.
// Its Check accepts all shapes. A run can be resumed only with a function of
// the same name.
type LossFunc func(logits, targets *graph.Node) *graph.Node

// Check returns an error if the function is nil.
func (f LossFunc) Check([]int, Target) error {
	if f == nil {
		return fmt.Errorf("train: the loss is a nil function")
	}
	return nil
}

// Build calls the function with logits and targets of the shapes that Loss.Build
// describes.
func (f LossFunc) Build(logits, targets *graph.Node) *graph.Node { return f(logits, targets) }

// String is the name of the function.
func (f LossFunc) String() string {
	if f == nil {
		return "(nil)"
	}
	return "(" + runtime.FuncForPC(reflect.ValueOf(f).Pointer()).Name() + ")"
}

// MeanSquaredError is the mean of (logits − targets)², PyTorch's MSELoss.
// Targets are numbers, as many as the network gives.
type MeanSquaredError struct{}

// Check implements Loss.
func (MeanSquaredError) Check(output []int, target Target) error {
	if target.Kind == Labels {
		return fmt.Errorf("train: mean squared error is for numbers, the targets are labels: give them as Floats, or choose CrossEntropy")
	}
	return sameSize("mean squared error", output, target)
}

// Build implements Loss.
func (MeanSquaredError) Build(logits, targets *graph.Node) *graph.Node {
	return graph.ReduceAllMean(graph.Square(graph.Sub(logits, like(logits, targets))))
}

// BinaryCrossEntropy is the mean cross entropy of a choice of two at each
// place, PyTorch's BCEWithLogitsLoss. Targets are labels 0 and 1 or numbers
// from 0 to 1, as many as the network gives.
type BinaryCrossEntropy struct{}

// Check implements Loss.
func (BinaryCrossEntropy) Check(output []int, target Target) error {
	if err := sameSize("binary cross entropy", output, target); err != nil {
		return err
	}
	if target.Kind == Labels && target.Classes > 2 {
		return fmt.Errorf("train: binary cross entropy is for 2 classes, the data set has %d", target.Classes)
	}
	return nil
}

// Build implements Loss: max(x, 0) − x·t + log(1 + exp(−|x|)), whose gradient
// is that of the formula at 0 too.
func (BinaryCrossEntropy) Build(logits, targets *graph.Node) *graph.Node {
	size := graph.Abs(logits)
	positive := graph.MulScalar(graph.Add(logits, size), 0.5)
	rest := graph.Log1P(graph.Exp(graph.Neg(size)))
	return graph.ReduceAllMean(graph.Add(graph.Sub(positive, graph.Mul(logits, like(logits, targets))), rest))
}

// sameSize wants targets of the shape of the output, which may have one
// channel more.
func sameSize(name string, output []int, target Target) error {
	if slices.Equal(output, target.Shape) || slices.Equal(output, append(slices.Clone(target.Shape), 1)) {
		return nil
	}
	return fmt.Errorf("train: %s compares number by number, but the network gives %v and the targets are %v", name, output, target)
}

// like is targets as float32 in the shape of logits.
func like(logits, targets *graph.Node) *graph.Node {
	return graph.Reshape(graph.ConvertDType(targets, dtypes.Float32), logits.Shape().Dimensions...)
}
