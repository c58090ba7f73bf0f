package cnnlib

import (
	"math"
	"math/rand/v2"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/gomlx/core/graph"
)

func TestFlattenedEqualsTheRankOneKernel(t *testing.T) {
	b := labtest.Go(t)
	rng := rand.New(rand.NewPCG(9, 10))
	x, c, col, row := randoms(rng, 1, 6, 6, 5), randoms(rng, 1, 1, 5, 1), randoms(rng, 3, 1, 1, 1), randoms(rng, 1, 3, 1, 1)
	got := graph.MustExecOnceN(b, func(x, c, col, row *graph.Node) []*graph.Node {
		one := Conv{}
		flattened := Convolve(Convolve(Convolve(x, c, one), col, one), row, one)
		return []*graph.Node{flattened, Convolve(x, graph.Mul(graph.BroadcastToDims(graph.Mul(graph.BroadcastToDims(col, 3, 3, 1, 1), graph.BroadcastToDims(row, 3, 3, 1, 1)), 3, 3, 5, 1), graph.BroadcastToDims(c, 3, 3, 5, 1)), one)}
	}, x, c, col, row)
	a, w := numbers(got[0]), numbers(got[1])
	for i := range w {
		if math.Abs(a[i]-w[i]) > 1e-5 {
			t.Fatalf("value %d: flattened %g, 3D kernel %g", i, a[i], w[i])
		}
	}
}
