package train

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// SGD is stochastic gradient descent as PyTorch's, with Nesterov's momentum
// (Sutskever et al. 2013) if Momentum is above 0:
//
//	g ← g + WeightDecay·w,  b ← Momentum·b + g,  w ← w − rate·(g + Momentum·b)
//
// With Classic the last is w ← w − rate·b, PyTorch's nesterov=False.
type SGD struct {
	Momentum    float64 // from 0 up to, not including, 1
	WeightDecay float64 // the L2 penalty's gradient; it is multiplied by the learning rate too
	// NormBias multiplies the learning rate of BatchNorm's biases; their
	// weight decay is divided by it. 0 means 1.
	NormBias float64
	Classic  bool // momentum without Nesterov's look ahead
}

// String is the settings as %+v prints them; Classic only where it is set.
func (s SGD) String() string {
	f := fields{fmt.Sprintf("Momentum:%v", s.Momentum), fmt.Sprintf("WeightDecay:%v", s.WeightDecay), fmt.Sprintf("NormBias:%v", s.NormBias)}
	f.add("Classic", s.Classic, false)
	return f.String()
}

// Check implements Optimizer.
func (s SGD) Check() error {
	switch {
	case !(s.Momentum >= 0 && s.Momentum < 1):
		return fmt.Errorf("train: momentum must be from 0 up to 1, got %g", s.Momentum)
	case !(s.WeightDecay >= 0):
		return fmt.Errorf("train: weight decay must not be below 0, got %g", s.WeightDecay)
	case !(s.NormBias >= 0):
		return fmt.Errorf("train: the factor for BatchNorm's biases must not be below 0, got %g", s.NormBias)
	case s.Classic && s.Momentum == 0:
		return fmt.Errorf("train: classic momentum of 0 is none: give a Momentum, or leave Classic out")
	}
	return nil
}

// Rates is one number, the learning rate.
func (s SGD) Rates(learningRate float64, _ int) []float32 { return []float32{float32(learningRate)} }

// Update implements Optimizer.
func (s SGD) Update(w *Weight) *graph.Node {
	rate, decay := w.Rates[0], s.WeightDecay
	if s.NormBias != 0 && isNormBias(w.state.Store(), w.Variable) {
		rate, decay = graph.MulScalar(rate, s.NormBias), decay/s.NormBias
	}
	gradient := decayed(w, decay)
	if s.Momentum != 0 {
		b := graph.Add(graph.MulScalar(w.Remembered("momentum"), s.Momentum), gradient)
		w.Remember("momentum", b)
		if s.Classic {
			gradient = b
		} else {
			gradient = graph.Add(gradient, graph.MulScalar(b, s.Momentum))
		}
	}
	return graph.Sub(w.Value, graph.Mul(rate, gradient))
}

// isNormBias tells whether w is the bias of a BatchNorm, which has a running
// mean beside it.
func isNormBias(store *model.Store, w *model.Variable) bool {
	return w.Name() == "bias" && store.GetVariable(model.JoinPath(w.Scope(), "running_mean")) != nil
}
