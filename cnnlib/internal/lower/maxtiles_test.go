package lower

import (
	"math/rand/v2"
	"testing"

	"convlab/internal/geometry"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// plainTiles is the definition: x [dims...], v of the result's shape → the
// largest of each tile, and the gradient of Σ y·v, which the first of equals
// gets.
func plainTiles(x, v []float32, dims, size []int) (y, dx []float64) {
	n, channels := len(size), dims[len(dims)-1]
	out := make([]int, n)
	for i := range size {
		out[i] = dims[i+1] / size[i]
	}
	dx = make([]float64, len(x))
	for o := range dims[0] * geometry.Volume(out) * channels {
		c, rest := o%channels, o/channels
		at, image := geometry.Unravel(rest%geometry.Volume(out), out), rest/geometry.Volume(out)
		best := -1
		for t := range geometry.Volume(size) {
			flat := image
			for i, d := range geometry.Unravel(t, size) {
				flat = flat*dims[i+1] + at[i]*size[i] + d
			}
			if flat = flat*channels + c; best < 0 || x[flat] > x[best] {
				best = flat
			}
		}
		y = append(y, float64(x[best]))
		dx[best] += float64(v[o])
	}
	return y, dx
}

func TestMaxTilesEqualsTheDefinition(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		for _, c := range []struct{ dims, size []int }{
			{[]int{2, 6, 4, 3}, []int{2, 2}}, {[]int{2, 7, 9, 3}, []int{2, 3}}, {[]int{3, 5, 5, 1}, []int{1, 5}},
			{[]int{2, 9, 4}, []int{3}}, {[]int{1, 5, 4, 7, 2}, []int{2, 2, 3}}, {[]int{1, 33, 17, 2}, []int{16, 16}},
		} {
			random := rand.New(rand.NewPCG(1, 2))
			x := make([]float32, geometry.Volume(c.dims))
			for i := range x {
				x[i] = float32(random.IntN(3)) // many equals
			}
			vDims := append([]int{}, c.dims...)
			for i, s := range c.size {
				vDims[i+1] /= s
			}
			v := make([]float32, geometry.Volume(vDims))
			for i := range v {
				v[i] = random.Float32()
			}
			y, dx := plainTiles(x, v, c.dims, c.size)
			got := graph.MustExecOnceN(b, func(x, v *graph.Node) []*graph.Node {
				y := MaxTiles(x, c.size)
				return []*graph.Node{y, graph.Gradient(graph.ReduceAllSum(graph.Mul(y, v)), x)[0]}
			}, tensors.FromFlatDataAndDimensions(x, c.dims...), tensors.FromFlatDataAndDimensions(v, vDims...))
			if err := differ(got[0], y); err != nil {
				t.Errorf("%v in tiles of %v: %v", c.dims, c.size, err)
			}
			if err := differ(got[1], dx); err != nil {
				t.Errorf("%v in tiles of %v, gradient: %v", c.dims, c.size, err)
			}
		}
	})
}
