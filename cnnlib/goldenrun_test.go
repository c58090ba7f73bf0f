package cnnlib

import (
	"cmp"
	"fmt"
	"slices"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// goldenRun is a layer with numbers to compute on and those to come out.
type goldenRun struct {
	what      string
	layer     Layer
	x, out    []int // shapes, with the batch
	pixels    []float32
	adjoint   []float32
	weights   [][]float32
	training  bool
	y, dx     floats
	dw, state []floats // gradients of the trained weights, states afterwards
	sums      float64  // tolerance of dw; 0 means 1e-5 as for all else
}

// checkRuns computes the runs on b, with -short each fourth, several in one
// graph: to compile many small ones would take most of the time.
func checkRuns(t *testing.T, b compute.Backend, runs []goldenRun) {
	t.Helper()
	if testing.Short() {
		var some []goldenRun
		for i := 0; i < len(runs); i += 4 {
			some = append(some, runs[i])
		}
		runs = some
	}
	t.Logf("%d cases", len(runs))
	for _, training := range []bool{false, true} {
		some := slices.DeleteFunc(slices.Clone(runs), func(r goldenRun) bool { return r.training != training })
		for part := range slices.Chunk(some, 16) {
			checkInOneGraph(t, b, part, training)
		}
	}
}

func checkInOneGraph(t *testing.T, b compute.Backend, runs []goldenRun, training bool) {
	t.Helper()
	store := model.NewStore()
	variables := make([][]*model.Variable, len(runs)) // of each run, those that train before the others
	counts := make([]int, len(runs))
	scope := func(i int) *model.Scope { return store.Scope(fmt.Sprintf("/run%d", i)) }
	var inputs []any
	for i, r := range runs {
		info, err := r.layer.Check(r.x[1:])
		if err != nil {
			t.Fatalf("%s: %v", r.what, err)
		}
		var states []*model.Variable
		for k, w := range info.Weights {
			at, name := variableScope(scope(i), w.Name)
			v := at.VariableWithValue(name, tensors.FromFlatDataAndDimensions(slices.Clone(r.weights[k]), w.Shape...)).SetTrainable(!w.State)
			if w.State {
				states = append(states, v)
			} else {
				variables[i] = append(variables[i], v)
			}
		}
		counts[i] = len(variables[i])
		variables[i] = append(variables[i], states...)
		inputs = append(inputs, tensors.FromFlatDataAndDimensions(r.pixels, r.x...), tensors.FromFlatDataAndDimensions(r.adjoint, r.out...))
	}
	results, err := model.CallOnceN(b, store, func(_ *model.Scope, in []*graph.Node) []*graph.Node {
		g := in[0].Graph()
		store.SetTraining(g, training)
		var all []*graph.Node
		for i, r := range runs {
			x, v := in[2*i], in[2*i+1]
			y := r.layer.Build(scope(i), x)
			from := []*graph.Node{x}
			for _, w := range variables[i][:counts[i]] {
				from = append(from, w.NodeValue(g))
			}
			all = append(append(all, y), graph.Gradient(graph.ReduceAllSum(graph.Mul(y, v)), from...)...)
		}
		return all
	}, inputs...)
	if err != nil {
		t.Fatal(err)
	}
	for i, r := range runs {
		same := func(name string, got *tensors.Tensor, want floats, tolerance float64) {
			t.Helper()
			if err := apart(tensors.MustCopyFlatData[float32](got), want, tolerance); err != nil {
				t.Errorf("%s: %s: %v", r.what, name, err)
			}
		}
		same("output", results[0], r.y, 1e-5)
		same("input gradient", results[1], r.dx, 1e-5)
		for k, v := range variables[i][:counts[i]] {
			same("gradient of "+v.Path(), results[2+k], r.dw[k], cmp.Or(r.sums, 1e-5))
		}
		for k, want := range r.state {
			v := variables[i][counts[i]+k]
			same(v.Path(), v.MustValue(), want, 1e-5)
		}
		results = results[2+counts[i]:]
	}
}
