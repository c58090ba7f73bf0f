package cnnlib

import (
	"math"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// TestMomentsFarFromZero: a mean of ten thousand takes nothing from the
// accuracy of a variance of 1, as squares less the squared mean would.
func TestMomentsFarFromZero(t *testing.T) {
	x := make([]float32, 2*999)
	for i := range x {
		x[i] = 10000 + float32(i/2%3-1) // 9999, 10000, 10001: variance 2/3
	}
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		out := graph.MustExecOnceN(b, func(x *graph.Node) []*graph.Node {
			mean, centred, variance := moments(x, 0)
			return []*graph.Node{mean, centred, variance, graph.Gradient(graph.ReduceAllSum(variance), x)[0]}
		}, tensors.FromFlatDataAndDimensions(x, 999, 2))
		mean, centred, variance, gradient := numbersOf(out[0]), numbersOf(out[1]), numbersOf(out[2]), numbersOf(out[3])
		for c := range 2 {
			if mean[c] != 10000 || math.Abs(float64(variance[c])-2.0/3) > 1e-6 {
				t.Errorf("mean %g, variance %g, want 10000 and 2/3", mean[c], variance[c])
			}
		}
		for i, v := range centred {
			want := float64(i/2%3 - 1)
			if math.Abs(float64(v)-want) > 1e-6 || math.Abs(float64(gradient[i])-2*want/999) > 1e-8 {
				t.Fatalf("number %d: %g less the mean, gradient of the variance %g", i, v, gradient[i])
			}
		}
	})
}
