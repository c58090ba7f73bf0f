package train

import (
	"math"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Adam as in PyTorch (Kingma and Ba 2014, algorithm 1), with its constants.
type Adam struct{}

const (
	beta1   = 0.9
	beta2   = 0.999
	epsilon = 1e-8
)

func (Adam) scope() string { return "/adam" }

func (Adam) check() error { return nil }

// rates: the learning rate over the bias correction of the mean, and the bias
// correction of the root mean square.
func (Adam) rates(learningRate float64, step int) []float32 {
	t := float64(step)
	return []float32{float32(learningRate / (1 - math.Pow(beta1, t))), float32(1 / math.Sqrt(1-math.Pow(beta2, t)))}
}

// update:
//
//	m ← m + (1−β₁)(g − m),  v ← β₂v + (1−β₂)g²,  w ← w − rate·m/(√v·spread + ε)
func (Adam) update(w *model.Variable, state *model.Scope, gradient *graph.Node, rates []*graph.Node) {
	g, rate, spread := gradient.Graph(), rates[0], rates[1]
	mean, square := remembered(state, w, "_mean"), remembered(state, w, "_square")
	m := mean.NodeValue(g)
	m = graph.Add(m, graph.MulScalar(graph.Sub(gradient, m), 1-beta1))
	v := graph.Add(graph.MulScalar(square.NodeValue(g), beta2), graph.MulScalar(graph.Square(gradient), 1-beta2))
	step := graph.Div(graph.Mul(rate, m), graph.AddScalar(graph.Mul(graph.Sqrt(v), spread), epsilon))
	mean.SetNodeValue(m)
	square.SetNodeValue(v)
	w.SetNodeValue(graph.Sub(w.NodeValue(g), step))
}
