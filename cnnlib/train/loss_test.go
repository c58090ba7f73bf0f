package train

import (
	"context"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// lossCase is a case of testdata/losses.py.
type lossCase struct {
	Name               string
	Shape, TargetShape []int
	Logits             []float32
	Labels             []int32
	Numbers            []float32
	Loss               float64
	Gradient           []float64
}

func (c lossCase) target() Target {
	if c.Labels != nil {
		return Target{Kind: Labels, Shape: c.TargetShape[1:]}
	}
	return Target{Kind: Floats, Shape: c.TargetShape[1:]}
}

// loss is the Loss of a case's name.
func (c lossCase) loss(t *testing.T) Loss {
	t.Helper()
	kind, _, _ := strings.Cut(c.Name, ",")
	switch kind {
	case "cross entropy":
		l := CrossEntropy{}
		if strings.Contains(c.Name, "smoothing") {
			l.Smoothing = 0.3
		}
		if strings.Contains(c.Name, "weights") {
			l.Weights = []float64{0.5, 2, 1, 0.25}
		}
		return l
	case "mean squared error":
		return MeanSquaredError{}
	case "binary cross entropy":
		return BinaryCrossEntropy{}
	case "Dice":
		return Dice{}
	}
	t.Fatalf("no loss is called %q", kind)
	return nil
}

// TestLossesEqualPyTorch: values and gradients.
func TestLossesEqualPyTorch(t *testing.T) {
	var golden struct{ Cases []lossCase }
	readJSON(t, "losses.json", &golden)
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		for _, c := range golden.Cases {
			if filepath.Base(t.Name()) == "xla" && strings.Contains(c.Name, "labels, ") { // the maps' graphs, with fewer axes
				continue
			}
			t.Run(c.Name, func(t *testing.T) {
				loss := c.loss(t)
				if err := loss.Check(c.Shape[1:], c.target()); err != nil {
					t.Fatal(err)
				}
				exec, err := graph.NewExec(b, func(logits, targets *graph.Node) (value, gradient *graph.Node) {
					value = loss.Build(logits, targets)
					return value, graph.Gradient(value, logits)[0]
				})
				if err != nil {
					t.Fatal(err)
				}
				defer exec.Finalize()
				var targets *tensors.Tensor
				if c.Labels != nil {
					targets = tensors.FromFlatDataAndDimensions(c.Labels, c.TargetShape...)
				} else {
					targets = tensors.FromFlatDataAndDimensions(c.Numbers, c.TargetShape...)
				}
				out, err := exec.Call(tensors.FromFlatDataAndDimensions(c.Logits, c.Shape...), targets)
				if err != nil {
					t.Fatal(err)
				}
				if got := float64(tensors.ToScalar[float32](out[0])); math.Abs(got-c.Loss) > 1e-5*math.Abs(c.Loss) {
					t.Errorf("loss %.8f, PyTorch %.8f", got, c.Loss)
				}
				for i, got := range tensors.MustCopyFlatData[float32](out[1]) {
					if want := c.Gradient[i]; math.Abs(float64(got)-want) > 1e-5*math.Abs(want)+1e-7 {
						t.Errorf("gradient %d: %.9f, PyTorch %.9f", i, got, want)
					}
				}
			})
		}
	})
}

// TestLossesRefuse: a loss says before anything is built that it cannot compare
// the network's output with the targets.
func TestLossesRefuse(t *testing.T) {
	label, mapped := Target{}, Target{Shape: []int{4, 4}}
	for _, c := range []struct {
		loss   Loss
		output []int
		target Target
		want   string
	}{
		{CrossEntropy{}, []int{10}, Target{Kind: Floats}, "takes labels, the targets are floats"},
		{CrossEntropy{}, []int{4, 4, 3}, label, "[classes], but the network gives [4 4 3]"},
		{CrossEntropy{}, []int{3}, mapped, "[4 4 classes], but the network gives [3]"},
		{CrossEntropy{}, []int{4, 5, 3}, mapped, "[4 4 classes]"},
		{CrossEntropy{}, []int{1}, label, "2 classes, but the network gives 1"},
		{CrossEntropy{}, []int{10}, Target{Classes: 11}, "11 classes, but the network gives 10"},
		{CrossEntropy{Smoothing: -0.1}, []int{10}, label, "smoothing"},
		{CrossEntropy{Weights: []float64{1, 2}}, []int{3}, label, "2 weights of classes were given, the network has 3"},
		{CrossEntropy{Weights: []float64{1, -2, 1}}, []int{3}, label, "class 1 must not be below 0"},
		{CrossEntropy{Weights: []float64{0, 0, 0}}, []int{3}, label, "above 0"},
		{MeanSquaredError{}, []int{10}, label, "the targets are labels"},
		{MeanSquaredError{}, []int{10}, Target{Kind: Floats, Shape: []int{9}}, "number by number, but the network gives [10] and the targets are floats [9]"},
		{BinaryCrossEntropy{}, []int{4, 4, 2}, mapped, "number by number"},
		{BinaryCrossEntropy{}, []int{4, 4, 1}, Target{Shape: []int{4, 4}, Classes: 3}, "2 classes, the data set has 3"},
		{Dice{}, []int{10}, label, "for maps"},
		{Dice{}, []int{4, 4, 3}, Target{Shape: []int{4, 4}, Classes: 4}, "4 classes, but the network gives 3"},
		{Dice{}, []int{4, 4, 3}, Target{Kind: Floats, Shape: []int{4, 4}}, "number by number"},
		{LossFunc(nil), []int{10}, label, "nil function"},
	} {
		if err := c.loss.Check(c.output, c.target); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%T%+v of %v and %v: %v, want an error with %q", c.loss, c.loss, c.output, c.target, err, c.want)
		}
	}
	notScalar := LossFunc(func(logits, targets *graph.Node) *graph.Node { return logits })
	if _, err := Fit(context.Background(), newModel(t, labtest.Go(t)), images, Config{Loss: notScalar}); err == nil || !strings.Contains(err.Error(), "should give a float32 scalar") {
		t.Errorf("a loss that is no scalar: %v", err)
	}
}

// hinge is a loss as another package may have one: the multi-class hinge loss
// over labels.
func hinge(logits, targets *graph.Node) *graph.Node {
	classes := logits.Shape().Dimensions[logits.Rank()-1]
	truth := graph.OneHot(targets, classes, logits.DType())
	own := graph.InsertAxes(graph.ReduceSum(graph.Mul(logits, truth), -1), -1)
	margin := graph.MaxScalar(graph.AddScalar(graph.Sub(logits, own), 1), 0)
	return graph.ReduceAllMean(graph.Mul(margin, graph.OneMinus(truth)))
}

// TestLossOfAFunction: a function of logits and targets trains, and a run
// that was begun with it goes on with it alone.
func TestLossOfAFunction(t *testing.T) {
	b, cfg := labtest.Go(t), Config{Epochs: 20, BatchSize: 16, LearningRate: 1e-2, Loss: LossFunc(hinge), Valid: bars(16), Dir: t.TempDir()}
	m := newModel(t, b)
	h, err := Fit(context.Background(), m, images, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if first, last := h[0], h[19]; last.ValidLoss > first.ValidLoss/2 || last.ValidAccuracy < 0.9 {
		t.Errorf("validation from %v to %v", first, last)
	}
	r, err := Evaluation{Loss: cfg.Loss}.Run(context.Background(), m, bars(16))
	if err != nil || r.Loss != h[19].ValidLoss || r.Accuracy != h[19].ValidAccuracy {
		t.Errorf("%+v, %v; the history says %v", r, err, h[19])
	}
	cfg.Loss = CrossEntropy{}
	if _, err := Fit(context.Background(), newModel(t, b), images, cfg); err == nil || !strings.Contains(err.Error(), "loss train.LossFunc(convlab/cnnlib/train.hinge)") {
		t.Errorf("another loss: %v", err)
	}
}
