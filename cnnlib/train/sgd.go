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
type SGD struct {
	Momentum    float64 // from 0 up to, not including, 1
	WeightDecay float64 // the L2 penalty's gradient; it is multiplied by the learning rate too
	// NormBias multiplies the learning rate of BatchNorm's biases; their
	// weight decay is divided by it. 0 means 1.
	NormBias float64
}

func (s SGD) scope() string { return "/sgd" }

func (s SGD) check() error {
	switch {
	case !(s.Momentum >= 0 && s.Momentum < 1):
		return fmt.Errorf("train: momentum must be from 0 up to 1, got %g", s.Momentum)
	case !(s.WeightDecay >= 0):
		return fmt.Errorf("train: weight decay must not be below 0, got %g", s.WeightDecay)
	case !(s.NormBias >= 0):
		return fmt.Errorf("train: the factor for BatchNorm's biases must not be below 0, got %g", s.NormBias)
	}
	return nil
}

func (s SGD) rates(learningRate float64, _ int) []float32 { return []float32{float32(learningRate)} }

func (s SGD) update(w *model.Variable, state *model.Scope, gradient *graph.Node, rates []*graph.Node) {
	g, rate, decay := gradient.Graph(), rates[0], s.WeightDecay
	if s.NormBias != 0 && isNormBias(state.Store(), w) {
		rate, decay = graph.MulScalar(rate, s.NormBias), decay/s.NormBias
	}
	value := w.NodeValue(g)
	if decay != 0 {
		gradient = graph.Add(gradient, graph.MulScalar(value, decay))
	}
	if s.Momentum != 0 {
		momentum := remembered(state, w, "_momentum")
		b := graph.Add(graph.MulScalar(momentum.NodeValue(g), s.Momentum), gradient)
		momentum.SetNodeValue(b)
		gradient = graph.Add(gradient, graph.MulScalar(b, s.Momentum))
	}
	w.SetNodeValue(graph.Sub(value, graph.Mul(rate, gradient)))
}

// isNormBias tells whether w is the bias of a BatchNorm, which has a running
// mean beside it.
func isNormBias(store *model.Store, w *model.Variable) bool {
	return w.Name() == "bias" && store.GetVariable(model.JoinPath(w.Scope(), "running_mean")) != nil
}
