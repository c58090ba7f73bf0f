package lower

import (
	"errors"
	"math/rand/v2"
	"testing"

	"convlab/internal/geometry"
	"convlab/internal/kernels"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Sums by channel equal the definition, with channels that fill no vector and
// with fewer than our kernels take.
func TestSumsByChannel(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		rng := rand.New(rand.NewPCG(1, 2))
		for _, dims := range [][]int{{3, 5, 7, 16}, {2, 4, 4, 3}, {37, 20}, {1, 1, 1, 33}, {2, 3, 4, 5, 40}, {6, 300, 24}} {
			channels := dims[len(dims)-1]
			x, y := randomTensor(rng, dims), randomTensor(rng, dims)
			sum, dot := make([]float64, channels), make([]float64, channels)
			ys := tensors.MustCopyFlatData[float32](y)
			for i, v := range tensors.MustCopyFlatData[float32](x) {
				sum[i%channels] += float64(v)
				dot[i%channels] += float64(v) * float64(ys[i])
			}
			got := graph.MustExecOnceN(b, func(x, y *graph.Node) []*graph.Node {
				return []*graph.Node{SumByChannel(x), DotByChannel(x, y)}
			}, x, y)
			if err := errors.Join(differ(got[0], sum), differ(got[1], dot)); err != nil {
				t.Errorf("%v: %v", dims, err)
			}
		}
	})
}

// Where our kernels are in use, they compute them.
func TestSumsAreCallsOfOurKernels(t *testing.T) {
	b := labtest.XLA(t)
	if set, why := kernels.Status(); why != nil {
		t.Skipf("skipped: our kernels are not in use here (%s): %v", set, why)
	}
	x := randomTensor(rand.New(rand.NewPCG(1, 2)), []int{2, 3, 4, 16})
	before := kernels.Calls()
	graph.MustExecOnceN(b, func(x *graph.Node) []*graph.Node { return []*graph.Node{SumByChannel(x), DotByChannel(x, x)} }, x)
	if got := kernels.Calls() - before; got != 1 {
		t.Errorf("%d calls, want one for both sums", got)
	}
}

// The gradients of Normalize are those that GoMLX derives from its definition.
func TestNormalizeGradients(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		rng := rand.New(rand.NewPCG(3, 4))
		dims := []int{4, 3, 5, 17}
		plainly := func(x, scale, shift *graph.Node) *graph.Node {
			mean := graph.ReduceAndKeep(x, graph.ReduceMean, 0, 1, 2)
			centred := graph.Sub(x, mean)
			variance := graph.ReduceAndKeep(graph.Square(centred), graph.ReduceMean, 0, 1, 2)
			y := graph.Div(centred, graph.Sqrt(graph.AddScalar(variance, 1e-5)))
			return graph.Add(graph.Mul(y, graph.ExpandLeftToRank(scale, 4)), graph.ExpandLeftToRank(shift, 4))
		}
		got := graph.MustExecOnceN(b, func(x, scale, shift, v *graph.Node) []*graph.Node {
			ours, _, _ := Normalize(x, scale, shift, 1e-5)
			theirs := plainly(x, scale, shift)
			all := append([]*graph.Node{ours}, graph.Gradient(graph.ReduceAllSum(graph.Mul(ours, v)), x, scale, shift)...)
			return append(append(all, theirs), graph.Gradient(graph.ReduceAllSum(graph.Mul(theirs, v)), x, scale, shift)...)
		}, randomTensor(rng, dims), randomTensor(rng, dims[3:]), randomTensor(rng, dims[3:]), randomTensor(rng, dims))
		for i, what := range []string{"output", "gradient of x", "of the scale", "of the shift"} {
			want := make([]float64, got[4+i].Size())
			for j, v := range tensors.MustCopyFlatData[float32](got[4+i]) {
				want[j] = float64(v)
			}
			if err := differ(got[i], want); err != nil {
				t.Errorf("%s: %v", what, err)
			}
		}
	})
}

func randomTensor(rng *rand.Rand, dims []int) *tensors.Tensor {
	return tensors.FromFlatDataAndDimensions(random(rng, geometry.Volume(dims)), dims...)
}
