package cnnlib

import (
	"math"
	"slices"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// TestReLUIsPyTorchs: no gradient at 0, and a NaN stays one.
func TestReLUIsPyTorchs(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		out := graph.MustExecOnceN(b, func(x *graph.Node) []*graph.Node {
			y := ReLU{}.Build(nil, x)
			return []*graph.Node{y, graph.Gradient(graph.ReduceAllSum(y), x)[0]}
		}, []float32{-1, 0, 2, float32(math.NaN())})
		y, dx := tensors.MustCopyFlatData[float32](out[0]), tensors.MustCopyFlatData[float32](out[1])
		if !slices.Equal(y[:3], []float32{0, 0, 2}) || y[3] == y[3] {
			t.Errorf("values %v, want 0 0 2 NaN", y)
		}
		if !slices.Equal(dx[:3], []float32{0, 0, 1}) {
			t.Errorf("gradient %v, want 0 0 1", dx)
		}
	})
}

// TestNaNStaysNaN: no activation hides one.
func TestNaNStaysNaN(t *testing.T) {
	all := []Layer{ReLU{}, ReLU6{}, LeakyReLU{}, PReLU{}, ELU{}, GELU{}, SiLU{}, Sigmoid{}, Tanh{}, HardSigmoid{}, HardSwish{}, Scale{By: 2}, Dropout{}}
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		store := model.NewStore()
		store.Scope("/layer").VariableWithValue("weight", []float32{0.25})
		nan := float32(math.NaN())
		got, err := model.CallOnceN(b, store, func(_ *model.Scope, x *graph.Node) []*graph.Node {
			var ys []*graph.Node
			for _, l := range all {
				ys = append(ys, l.Build(store.Scope("/layer"), x))
			}
			return ys
		}, [][]float32{{-1, nan, 7, nan, nan, 2, 3, 4, -5, nan}})
		if err != nil {
			t.Fatal(err)
		}
		for i, l := range all {
			for k, v := range numbersOf(got[i]) {
				if (v != v) != (k == 1 || k == 3 || k == 4 || k == 9) {
					t.Errorf("%s: value %d is %g", l.Name(), k, v)
				}
			}
		}
	})
}
