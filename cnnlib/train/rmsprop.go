package train

import (
	"cmp"
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
)

// RMSprop is PyTorch's (Hinton's lecture 6e, 2012):
//
//	g ← g + WeightDecay·w,  v ← Alpha·v + (1−Alpha)g²,  s ← g/(√v + ε)
//	w ← w − rate·s, or with momentum b ← Momentum·b + s, w ← w − rate·b
//
// Centered takes √(v − a²) in place of √v, with a ← Alpha·a + (1−Alpha)g
// (Graves 2013).
type RMSprop struct {
	Alpha       float64 // 0.99
	Epsilon     float64 // 1e-8
	WeightDecay float64 // the L2 penalty's gradient; 0
	Momentum    float64 // 0
	Centered    bool
}

func (r RMSprop) complete() RMSprop {
	r.Alpha, r.Epsilon = cmp.Or(r.Alpha, 0.99), cmp.Or(r.Epsilon, 1e-8)
	return r
}

// String is the settings that are not the default.
func (r RMSprop) String() string {
	r, standard := r.complete(), RMSprop{}.complete()
	var f fields
	f.add("Alpha", r.Alpha, standard.Alpha)
	f.add("Epsilon", r.Epsilon, standard.Epsilon)
	f.add("WeightDecay", r.WeightDecay, standard.WeightDecay)
	f.add("Momentum", r.Momentum, standard.Momentum)
	f.add("Centered", r.Centered, standard.Centered)
	return f.String()
}

// Check implements Optimizer.
func (r RMSprop) Check() error {
	r = r.complete()
	switch {
	case !(r.Alpha > 0 && r.Alpha < 1):
		return fmt.Errorf("train: RMSprop's alpha must be between 0 and 1, got %g", r.Alpha)
	case !(r.Epsilon > 0):
		return fmt.Errorf("train: RMSprop's epsilon must be above 0, got %g", r.Epsilon)
	case !(r.WeightDecay >= 0):
		return fmt.Errorf("train: weight decay must not be below 0, got %g", r.WeightDecay)
	case !(r.Momentum >= 0 && r.Momentum < 1):
		return fmt.Errorf("train: momentum must be from 0 up to 1, got %g", r.Momentum)
	}
	return nil
}

// Rates is one number, the learning rate.
func (r RMSprop) Rates(learningRate float64, _ int) []float32 {
	return []float32{float32(learningRate)}
}

// Update implements Optimizer.
func (r RMSprop) Update(w *Weight) *graph.Node {
	r = r.complete()
	gradient := decayed(w, r.WeightDecay)
	v := graph.Add(graph.MulScalar(w.Remembered("square"), r.Alpha), graph.MulScalar(graph.Square(gradient), 1-r.Alpha))
	w.Remember("square", v)
	if r.Centered {
		a := w.Remembered("mean")
		a = graph.Add(a, graph.MulScalar(graph.Sub(gradient, a), 1-r.Alpha))
		w.Remember("mean", a)
		v = graph.Sub(v, graph.Square(a))
	}
	step := graph.Div(gradient, graph.AddScalar(graph.Sqrt(v), r.Epsilon))
	if r.Momentum != 0 {
		step = graph.Add(graph.MulScalar(w.Remembered("momentum"), r.Momentum), step)
		w.Remember("momentum", step)
	}
	return graph.Sub(w.Value, graph.Mul(w.Rates[0], step))
}
