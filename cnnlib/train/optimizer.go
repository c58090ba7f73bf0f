package train

import (
	"convlab/cnnlib"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
)

// Optimizer is how a step moves the weights against the gradient: Adam or SGD.
type Optimizer interface {
	// rates are the numbers that change from step to step, counted from 1.
	// They enter the graph as an input, float32 [n].
	rates(learningRate float64, step int) []float32
	// update sets one weight, and what the optimiser remembers of it, to the
	// values after a step.
	update(w *model.Variable, state *model.Scope, gradient *graph.Node, rates []*graph.Node)
	// scope is where it keeps what it remembers of each weight.
	scope() string
	check() error
}

// move updates every weight that the loss depends on.
func move(o Optimizer, scope *model.Scope, loss, rates *graph.Node) {
	g := loss.Graph()
	var weights []*model.Variable
	for v := range scope.IterVariables() {
		if v.Trainable && v.InUseByGraph(g) {
			weights = append(weights, v)
		}
	}
	each := make([]*graph.Node, rates.Shape().Size())
	for i := range each {
		each[i] = graph.Reshape(graph.Slice(rates, graph.AxisElem(i)))
	}
	for i, gradient := range scope.BuildTrainableVariablesGradientsGraph(loss) {
		w := weights[i]
		o.update(w, scope.Store().Scope(o.scope()+w.Scope()).WithInitializer(initializer.Zero), gradient, each)
	}
}

// remembered is a variable of an optimiser for the weight w, zero at first.
func remembered(state *model.Scope, w *model.Variable, suffix string) *model.Variable {
	return state.VariableWithShape(w.Name()+suffix, w.Shape()).SetTrainable(false)
}

// forget removes what an earlier run remembered.
func forget(m *cnnlib.Model) error {
	for _, at := range []string{Adam{}.scope(), SGD{}.scope(), slowAt} {
		if err := m.Store().DeleteVariablesInScope(at); err != nil {
			return err
		}
	}
	return nil
}
