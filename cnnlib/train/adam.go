package train

import (
	"math"

	"convlab/cnnlib"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
)

// Adam as in PyTorch (Kingma and Ba 2014, algorithm 1), with its constants.
const (
	beta1   = 0.9
	beta2   = 0.999
	epsilon = 1e-8
	adamAt  = "/adam" // scope of its two moments of each weight
)

// adamRates are the two numbers that change from step to step, counted from 1:
// rate is the learning rate over the bias correction of the mean, spread the
// bias correction of the root mean square. They enter the graph as inputs.
func adamRates(learningRate float64, step int) (rate, spread float32) {
	t := float64(step)
	return float32(learningRate / (1 - math.Pow(beta1, t))), float32(1 / math.Sqrt(1-math.Pow(beta2, t)))
}

// adamUpdate moves the weights against the gradient of loss:
//
//	m ← m + (1−β₁)(g − m),  v ← β₂v + (1−β₂)g²,  w ← w − rate·m/(√v·spread + ε)
func adamUpdate(scope *model.Scope, loss, rate, spread *graph.Node) {
	g := loss.Graph()
	var weights []*model.Variable
	for v := range scope.IterVariables() {
		if v.Trainable && v.InUseByGraph(g) {
			weights = append(weights, v)
		}
	}
	for i, gradient := range scope.BuildTrainableVariablesGradientsGraph(loss) {
		w := weights[i]
		at := scope.Store().Scope(adamAt + w.Scope()).WithInitializer(initializer.Zero)
		mean := at.VariableWithShape(w.Name()+"_mean", w.Shape()).SetTrainable(false)
		square := at.VariableWithShape(w.Name()+"_square", w.Shape()).SetTrainable(false)
		m := mean.NodeValue(g)
		m = graph.Add(m, graph.MulScalar(graph.Sub(gradient, m), 1-beta1))
		v := graph.Add(graph.MulScalar(square.NodeValue(g), beta2), graph.MulScalar(graph.Square(gradient), 1-beta2))
		step := graph.Div(graph.Mul(rate, m), graph.AddScalar(graph.Mul(graph.Sqrt(v), spread), epsilon))
		mean.SetNodeValue(m)
		square.SetNodeValue(v)
		w.SetNodeValue(graph.Sub(w.NodeValue(g), step))
	}
}

// newAdam forgets the moments of an earlier run.
func newAdam(m *cnnlib.Model) error {
	return m.Store().DeleteVariablesInScope(adamAt)
}
