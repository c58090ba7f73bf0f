package lower

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"convlab/internal/kernels"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// A product of any sizes and its two gradients are those of the backend's own
// product, and of our kernels' where there are many numbers and enough rows.
func TestProduct(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		for _, c := range []struct {
			batch, in, out int
			calls          int // of our kernels, where they are in use
		}{{1, 300, 300, 3}, {2, 300, 300, 0}, {31, 300, 300, 0}, {32, 255, 300, 0}, {32, 300, 255, 0}, {32, 256, 256, 3}, {45, 389, 321, 3}, {1024, 257, 300, 3}, {1025, 257, 300, 0}} {
			t.Run(fmt.Sprint(c), func(t *testing.T) {
				rng := rand.New(rand.NewPCG(1, 2))
				random := func(rows, columns int) *tensors.Tensor {
					values := make([]float32, rows*columns)
					for i := range values {
						values[i] = 2*rng.Float32() - 1
					}
					return tensors.FromFlatDataAndDimensions(values, rows, columns)
				}
				before := kernels.Calls()
				results := graph.MustExecOnceN(b, func(x, w, v *graph.Node) []*graph.Node {
					var errors []*graph.Node
					withGradients := func(y *graph.Node) []*graph.Node {
						return append(graph.Gradient(graph.ReduceAllSum(graph.Mul(y, v)), x, w), y)
					}
					got, want := withGradients(Product(x, w)), withGradients(graph.Dot(x, w).Product())
					for i := range got {
						errors = append(errors, graph.Div(graph.ReduceAllMax(graph.Abs(graph.Sub(got[i], want[i]))), graph.ReduceAllMax(graph.Abs(want[i]))))
					}
					return errors
				}, random(c.batch, c.in), random(c.in, c.out), random(c.batch, c.out))
				for i, r := range results {
					if worst := tensors.ToScalar[float32](r); !(worst < 3e-6) {
						t.Errorf("%s: off by %.2g of the largest", []string{"gradient of x", "gradient of w", "product"}[i], worst)
					}
				}
				if calls := kernels.Calls() - before; kernels.Active() && b.Name() == "xla" && calls != c.calls {
					t.Errorf("%d calls of our kernels, want %d", calls, c.calls)
				}
			})
		}
	})
}
