package cnnlib

import (
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

func TestMaxPoolGradientGoesToOneElement(t *testing.T) {
	labtest.EachBackend(t, maxPoolGradientGoesToOneElement)
}

func maxPoolGradientGoesToOneElement(t *testing.T, b compute.Backend) {
	grad := model.MustCallOnce(b, model.NewStore(), func(scope *model.Scope, x *graph.Node) *graph.Node {
		return graph.Gradient(graph.ReduceAllSum(MaxPool{Size: 2}.Build(nil, x)), x)[0]
	}, tensors.FromFlatDataAndDimensions([]float32{5, 5, 1, 2, 5, 5, 3, 2}, 1, 2, 4, 1))
	got := tensors.MustCopyFlatData[float32](grad)
	for i, want := range []float32{1, 0, 0, 0, 0, 0, 1, 0} { // a tie goes to the first, as in PyTorch
		if got[i] != want {
			t.Fatalf("gradient %v", got)
		}
	}
}
