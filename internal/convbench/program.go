package convbench

import (
	"fmt"
	"strings"
	"time"

	"convlab/cnnlib"
	"convlab/internal/geometry"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// A Program is a compiled layer with data to run it on.
type Program struct {
	Compile time.Duration // with the first run
	exec    *model.Exec
	x, v    *tensors.Tensor
	chained bool // a step needs what the one before gave
}

func noise(dims []int) *tensors.Tensor {
	values := make([]float32, geometry.Volume(dims))
	state := uint32(1)
	for i := range values {
		state = state*1664525 + 1013904223
		values[i] = float32(state>>8)*0x1p-23 - 1
	}
	return tensors.FromFlatDataAndDimensions(values, dims...)
}

// New compiles the layer for inputs of shape dims, [batch, spatial...,
// channels] or [batch, features]: its output and, with backward, the gradients of input and weights.
func New(b compute.Backend, l cnnlib.Layer, dims []int, backward bool) (*Program, error) {
	if len(dims) < 2 || dims[0] < 1 {
		return nil, fmt.Errorf("want an input [batch, spatial..., channels] or [batch, features], got %v", dims)
	}
	summary, err := cnnlib.Sequential{l}.Summary(dims[1:]) // checks
	if err != nil {
		return nil, err
	}
	info, err := l.Check(dims[1:])
	if err != nil {
		return nil, err
	}
	store := model.NewStore()
	scope := store.Scope("/layer")
	for _, w := range info.Weights {
		at, name := scope, w.Name
		if inner, last, ok := strings.Cut(name, "/"); ok {
			at, name = scope.At("%s", inner), last
		}
		at.VariableWithValue(name, noise(w.Shape))
	}
	p := &Program{chained: backward, x: noise(dims), v: noise(append([]int{dims[0]}, summary.Rows[0].Output...))}
	p.exec, err = model.NewExec(b, store, func(_ *model.Scope, x, v *graph.Node) []*graph.Node {
		y := l.Build(scope, x)
		if !backward { // and one number of it, to wait for without a copy of all
			one := make([]graph.SliceAxisSpec, y.Rank())
			for i := range one {
				one[i] = graph.AxisElem(0)
			}
			return []*graph.Node{y, graph.Reshape(graph.Slice(y, one...))}
		}
		from := []*graph.Node{x}
		for variable := range store.IterVariables() {
			if variable.InUseByGraph(x.Graph()) && variable.Shape().DType == x.DType() {
				from = append(from, variable.NodeValue(x.Graph()))
			}
		}
		return append([]*graph.Node{y}, graph.Gradient(graph.ReduceAllSum(graph.Mul(y, v)), from...)...)
	})
	if err != nil {
		return nil, err
	}
	start := time.Now()
	_, _, err = p.Run(1)
	p.Compile = time.Since(start)
	return p, err
}

// Run makes steps one after another, those with gradients each with the output of
// the one before as adjoint, waits for the last, and tells the time of one step:
// by the clock, and of all threads of the process.
func (p *Program) Run(steps int) (wall, processor time.Duration, err error) {
	start, used := time.Now(), processorTime()
	v := p.v
	giveBack := func(t *tensors.Tensor) {
		if t != p.v {
			t.MustFinalizeAll()
		}
	}
	for i := range steps {
		out, err := p.exec.Call(p.x, v)
		if err != nil {
			return 0, 0, err
		}
		if i == steps-1 {
			out[len(out)-1].MaterializeLocal() // waits for the whole step
		}
		for _, t := range out[1:] {
			t.MustFinalizeAll()
		}
		giveBack(v)
		if v = out[0]; !p.chained {
			giveBack(v)
			v = p.v
		}
	}
	wall, processor = time.Since(start), processorTime()-used
	giveBack(v)
	return wall / time.Duration(steps), processor / time.Duration(steps), nil
}

// Close gives the memory back.
func (p *Program) Close() { p.exec.Finalize() }
