package cnnlib

import (
	"math"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

func TestBatchNormMovesWhileAModelTrains(t *testing.T) { labtest.EachBackend(t, batchNormMoves) }

func batchNormMoves(t *testing.T, b compute.Backend) {
	m, err := New(b, Sequential{BatchNorm{}, Flatten{}, Dense{Out: 2}}, []int{2, 2, 1}, Options{})
	if err != nil {
		t.Fatal(err)
	}
	exec := model.MustNewExec(b, m.Store(), func(scope *model.Scope, pixels *graph.Node) *graph.Node {
		scope.Store().SetTraining(pixels.Graph(), true)
		return graph.ReduceAllSum(m.Logits(pixels))
	})
	pixels := tensors.FromFlatDataAndDimensions([]uint8{0, 255, 0, 255}, 1, 2, 2, 1)
	for step, want := range [][2]float64{{0.05, 0.9 + 0.1/3}, {0.095, 0.81 + 0.19/3}} { // mean 1/2, unbiased variance 1/3
		exec.MustCall(pixels)
		mean, _, _ := m.Weight("0", "running_mean")
		variance, _, _ := m.Weight("0", "running_var")
		if math.Abs(float64(mean[0])-want[0]) > 1e-6 || math.Abs(float64(variance[0])-want[1]) > 1e-6 {
			t.Errorf("after step %d: running mean %g, variance %g, want %g", step+1, mean[0], variance[0], want)
		}
	}
	if _, err := m.Predict([]uint8{0, 255, 0, 255}, 1); err != nil {
		t.Fatal(err)
	}
	mean, _, _ := m.Weight("0", "running_mean")
	if math.Abs(float64(mean[0])-0.095) > 1e-6 {
		t.Error("predicting moved the running mean")
	}
	if s, err := m.Net().Summary(m.Input()); err != nil || s.Rows[0].Params != 2 {
		t.Errorf("%v params, %v: the running values are not trained", s.Rows[0].Params, err)
	}
}
