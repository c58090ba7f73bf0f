package lower

import (
	"math/rand/v2"
	"testing"

	"convlab/internal/geometry"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// A sum that is made in bfloat16 stops growing long before so many numbers
// above zero are added up.
func TestSumsInBFloat16AreNotLost(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		for _, groups := range []int{1, 2} {
			p := mustProblem(newProblem([]int{40, 256, 2}, []int{3, 2 / groups, 2},
				Conv{Strides: []int{1}, Dilations: []int{1}, Pads: [][2]int{{1, 1}}, Groups: groups}))
			rng := rand.New(rand.NewPCG(1, 2))
			positive := func(dims []int) *tensors.Tensor {
				values := make([]float32, geometry.Volume(dims))
				for i := range values {
					values[i] = float32(1+rng.IntN(8)) / 8 // exact in bfloat16
				}
				return tensors.FromFlatDataAndDimensions(values, dims...)
			}
			var names []string
			results := graph.MustExecOnceN(b, func(x, kernel, v *graph.Node) []*graph.Node {
				names = nil
				var nodes []*graph.Node
				for m, in := range [maps][2]*graph.Node{{x, kernel}, {v, kernel}, {x, v}} {
					m := whichMap(m)
					narrow := func(i int) *graph.Node { return graph.ConvertDType(in[i], dtypes.BFloat16) }
					for _, f := range computing(b, p, m) {
						names = append(names, f+" "+mapNames[m])
						got := graph.ConvertDType(p.build(m, f, narrow(0), narrow(1)), dtypes.Float32)
						want := p.build(m, Native, in[0], in[1])
						nodes = append(nodes, graph.ReduceAllMax(graph.Div(graph.Abs(graph.Sub(got, want)), want)))
					}
				}
				return nodes
			}, positive([]int{40, 256, 2}), positive(p.kernelShape()), positive(p.yShape(2)))
			for i, r := range results {
				if worst := tensors.ToScalar[float32](r); !(worst < 0.01) {
					t.Errorf("%d groups, %s: relative error %.2g", groups, names[i], worst)
				}
			}
		}
	})
}
