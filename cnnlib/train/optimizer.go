package train

import (
	"fmt"
	"strings"

	"convlab/cnnlib"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/model/initializer"
)

// Optimizer says how a step moves the weights against the gradient. Adam,
// AdamW, SGD and RMSprop have PyTorch's arithmetic and defaults. An optimizer
// is a value that never changes: what it has to remember is kept by Weight,
// and in checkpoints. A run can be resumed only with an optimizer that prints
// the same with %T%+v.
type Optimizer interface {
	// Check says what is wrong with its settings.
	Check() error
	// Rates are the numbers that change from step to step, counted from 1:
	// one at least, and as many in every step. They enter the graph as an
	// input, so that it is compiled once.
	Rates(learningRate float64, step int) []float32
	// Update adds the step of one weight to the graph and gives its value
	// after it, of the same shape. It is called once for each weight.
	Update(w *Weight) *graph.Node
}

// Weight is one weight of a network while the graph of a step is built.
type Weight struct {
	Variable *model.Variable // its name and path in the model's store
	Value    *graph.Node     // before the step, float32
	Gradient *graph.Node     // of the loss, in the shape of Value
	Rates    []*graph.Node   // what Optimizer.Rates gave for this step, float32 scalars

	state *model.Scope
}

// Remembered returns what Remember was given in the step before, and zeros in
// the first step. A weight can have several such values, each with a name
// such as "mean". They have the shape of the weight, or dims.
func (w *Weight) Remembered(name string, dims ...int) *graph.Node {
	return w.variable(name, dims).NodeValue(w.Value.Graph())
}

// Remember keeps a value, float32 and of the weight's shape or any other, for the
// next step.
func (w *Weight) Remember(name string, value *graph.Node) {
	w.variable(name, value.Shape().Dimensions).SetNodeValue(value)
}

func (w *Weight) variable(name string, dims []int) *model.Variable {
	shape := w.Variable.Shape()
	if dims != nil {
		shape = shapes.Make(dtypes.Float32, dims...)
	}
	return remembered(w.state, w.Variable, "_"+name, shape)
}

// remembered is a variable beside the weight w, zero at first.
func remembered(state *model.Scope, w *model.Variable, suffix string, shape shapes.Shape) *model.Variable {
	return state.VariableWithShape(w.Name()+suffix, shape).SetTrainable(false)
}

// Where what is remembered of the weights is in the model's store. Adam and
// SGD had a place of their own from the start, which their checkpoints name.
const (
	adamAt      = "/adam"
	sgdAt       = "/sgd"
	optimizerAt = "/optimizer"
)

func stateAt(o Optimizer) string {
	switch o.(type) {
	case Adam:
		return adamAt
	case SGD:
		return sgdAt
	}
	return optimizerAt
}

// checkOptimizer checks the settings, and that there is a rate at least.
func checkOptimizer(o Optimizer, learningRate float64) error {
	if err := o.Check(); err != nil {
		return err
	}
	if len(o.Rates(learningRate, 1)) == 0 {
		return fmt.Errorf("train: the optimizer %T gives no rates: the learning rate at least must be one", o)
	}
	return nil
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
		v := weights[i]
		w := &Weight{v, v.NodeValue(g), gradient, each, scope.Store().Scope(stateAt(o) + v.Scope()).WithInitializer(initializer.Zero)}
		next := o.Update(w)
		if !next.Shape().Equal(v.Shape()) {
			panic(fmt.Errorf("train: the optimizer %T makes %s of shape %s out of one of shape %s", o, v.Path(), next.Shape(), v.Shape()))
		}
		v.SetNodeValue(next)
	}
}

// forget removes what an earlier run remembered.
func forget(m *cnnlib.Model) error {
	for _, at := range []string{adamAt, sgdAt, optimizerAt, slowAt} {
		if err := m.Store().DeleteVariablesInScope(at); err != nil {
			return err
		}
	}
	return nil
}

// fields prints the settings of an optimizer as %+v prints a struct's, without
// those that are the default. So a run that was begun when there were fewer
// settings can go on.
type fields []string

func (f *fields) add(name string, value, standard any) {
	if value != standard {
		*f = append(*f, fmt.Sprintf("%s:%v", name, value))
	}
}

func (f fields) String() string { return "{" + strings.Join(f, " ") + "}" }
