package cnnlib

import (
	"slices"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// TestPReLUSlopes: one slope for all, or one for each channel; both are 1/4 at
// first and have a gradient where numbers are negative.
func TestPReLUSlopes(t *testing.T) {
	b, x := labtest.Go(t), [][]float32{{-4, -8}, {3, -2}}
	for _, c := range []struct {
		layer       PReLU
		slopes      []float32
		y, gradient []float32
	}{
		{PReLU{}, nil, []float32{-1, -2, 3, -0.5}, []float32{-14}},
		{PReLU{PerChannel: true}, []float32{0.5, 0.125}, []float32{-2, -1, 3, -0.25}, []float32{-4, -10}},
	} {
		info, err := c.layer.Check([]int{2})
		if err != nil {
			t.Fatal(err)
		}
		store := model.NewStore()
		scope := store.Scope("/layer")
		addWeights(scope, info)
		if c.slopes != nil {
			if err := scope.GetVariable("weight").SetValue(tensors.FromFlatDataAndDimensions(c.slopes, len(c.slopes))); err != nil {
				t.Fatal(err)
			}
		}
		out, err := model.CallOnceN(b, store, func(_ *model.Scope, x *graph.Node) []*graph.Node {
			y := c.layer.Build(scope, x)
			return []*graph.Node{y, graph.Gradient(graph.ReduceAllSum(y), scope.GetVariable("weight").NodeValue(x.Graph()))[0]}
		}, x)
		if err != nil {
			t.Fatal(err)
		}
		if y, d := numbersOf(out[0]), numbersOf(out[1]); !slices.Equal(y, c.y) || !slices.Equal(d, c.gradient) {
			t.Errorf("%s: %v with gradient %v, want %v and %v", c.layer.Name(), y, d, c.y, c.gradient)
		}
	}
}
