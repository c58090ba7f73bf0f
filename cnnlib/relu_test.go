package cnnlib

import (
	"math"
	"slices"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
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
