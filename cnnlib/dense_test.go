package cnnlib

import (
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

func TestFlattenIsInPyTorchsOrder(t *testing.T) { labtest.EachBackend(t, flattenIsInPyTorchsOrder) }

func flattenIsInPyTorchsOrder(t *testing.T, b compute.Backend) {
	y := model.MustCallOnce(b, model.NewStore(), func(scope *model.Scope, x *graph.Node) *graph.Node {
		return Flatten{}.Build(nil, x)
	}, tensors.FromFlatDataAndDimensions([]float32{0, 1, 2, 3, 4, 5, 6, 7}, 1, 2, 2, 2))
	got := tensors.MustCopyFlatData[float32](y)
	for i, want := range []float32{0, 2, 4, 6, 1, 3, 5, 7} {
		if got[i] != want {
			t.Fatalf("flattened to %v", got)
		}
	}
}
