package train

import (
	"cmp"
	"fmt"
	"math"

	"github.com/gomlx/gomlx/core/graph"
)

// Adam is PyTorch's (Kingma and Ba 2014, algorithm 1):
//
//	g ← g + WeightDecay·w
//	m ← m + (1−β₁)(g − m),  v ← β₂v + (1−β₂)g²
//	w ← w − rate/(1−β₁ᵗ) · m/(√v/√(1−β₂ᵗ) + ε)
type Adam struct {
	Beta1       float64 // of the mean of the gradients; 0.9
	Beta2       float64 // of the mean of their squares; 0.999
	Epsilon     float64 // 1e-8
	WeightDecay float64 // the L2 penalty's gradient, added to that of the loss; 0
}

func (a Adam) complete() Adam {
	return Adam{cmp.Or(a.Beta1, 0.9), cmp.Or(a.Beta2, 0.999), cmp.Or(a.Epsilon, 1e-8), a.WeightDecay}
}

// String is the settings that are not the default, such as "{Beta2:0.99}".
func (a Adam) String() string {
	a, standard := a.complete(), Adam{}.complete()
	var f fields
	f.add("Beta1", a.Beta1, standard.Beta1)
	f.add("Beta2", a.Beta2, standard.Beta2)
	f.add("Epsilon", a.Epsilon, standard.Epsilon)
	f.add("WeightDecay", a.WeightDecay, standard.WeightDecay)
	return f.String()
}

// Check implements Optimizer.
func (a Adam) Check() error {
	a = a.complete()
	switch {
	case !(a.Beta1 > 0 && a.Beta1 < 1 && a.Beta2 > 0 && a.Beta2 < 1):
		return fmt.Errorf("train: Adam's betas must be between 0 and 1, got %g and %g", a.Beta1, a.Beta2)
	case !(a.Epsilon > 0):
		return fmt.Errorf("train: Adam's epsilon must be above 0, got %g", a.Epsilon)
	case !(a.WeightDecay >= 0):
		return fmt.Errorf("train: weight decay must not be below 0, got %g", a.WeightDecay)
	}
	return nil
}

// Rates are two numbers: the learning rate over the bias correction of the mean
// of the gradients, and 1 over the root of the bias correction of the mean of
// their squares.
func (a Adam) Rates(learningRate float64, step int) []float32 {
	a = a.complete()
	t := float64(step)
	return []float32{float32(learningRate / (1 - math.Pow(a.Beta1, t))), float32(1 / math.Sqrt(1-math.Pow(a.Beta2, t)))}
}

// Update implements Optimizer.
func (a Adam) Update(w *Weight) *graph.Node {
	a = a.complete()
	return graph.Sub(w.Value, a.step(w, decayed(w, a.WeightDecay)))
}

// step is what is taken from the weight.
func (a Adam) step(w *Weight, gradient *graph.Node) *graph.Node {
	rate, spread := w.Rates[0], w.Rates[1]
	m, v := w.Remembered("mean"), w.Remembered("square")
	m = graph.Add(m, graph.MulScalar(graph.Sub(gradient, m), 1-a.Beta1))
	v = graph.Add(graph.MulScalar(v, a.Beta2), graph.MulScalar(graph.Square(gradient), 1-a.Beta2))
	w.Remember("mean", m)
	w.Remember("square", v)
	return graph.Div(graph.Mul(rate, m), graph.AddScalar(graph.Mul(graph.Sqrt(v), spread), a.Epsilon))
}

// decayed is the gradient of the loss and of the L2 penalty.
func decayed(w *Weight, decay float64) *graph.Node {
	if decay == 0 {
		return w.Gradient
	}
	return graph.Add(w.Gradient, graph.MulScalar(w.Value, decay))
}

// AdamW is Adam with decoupled weight decay, PyTorch's (Loshchilov and Hutter
// 2019): a step first takes rate·WeightDecay·w from the weight, and the
// gradient knows nothing of it.
type AdamW struct {
	Beta1       float64 // 0.9
	Beta2       float64 // 0.999
	Epsilon     float64 // 1e-8
	WeightDecay float64 // 0.01; for none take Adam
}

func (a AdamW) adam() Adam {
	return Adam{Beta1: a.Beta1, Beta2: a.Beta2, Epsilon: a.Epsilon}.complete()
}

func (a AdamW) decay() float64 { return cmp.Or(a.WeightDecay, 0.01) }

// String is the settings that are not the default.
func (a AdamW) String() string {
	b, standard := a.adam(), Adam{}.complete()
	var f fields
	f.add("Beta1", b.Beta1, standard.Beta1)
	f.add("Beta2", b.Beta2, standard.Beta2)
	f.add("Epsilon", b.Epsilon, standard.Epsilon)
	f.add("WeightDecay", a.decay(), AdamW{}.decay())
	return f.String()
}

// Check implements Optimizer.
func (a AdamW) Check() error {
	b := a.adam()
	b.WeightDecay = a.WeightDecay
	return b.Check()
}

// Rates are three numbers: the two of Adam, and the part of a weight that the
// decay leaves.
func (a AdamW) Rates(learningRate float64, step int) []float32 {
	return append(a.adam().Rates(learningRate, step), float32(1-learningRate*a.decay()))
}

// Update implements Optimizer.
func (a AdamW) Update(w *Weight) *graph.Node {
	return graph.Sub(graph.Mul(w.Value, w.Rates[2]), a.adam().step(w, w.Gradient))
}
