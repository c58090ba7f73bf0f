package lower

import (
	"math"
	"math/rand/v2"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// An infinite weight, or an infinite gradient of an output, stays in its
// group: the zeros between groups that are computed together do not make a NaN
// of it.
func TestInfinityStaysInItsGroup(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		p := mustProblem(newProblem([]int{2, 5, 4}, []int{3, 2, 4}, Conv{Strides: []int{1}, Dilations: []int{1}, Pads: [][2]int{{1, 1}}, Groups: 2}))
		rng := rand.New(rand.NewPCG(1, 2))
		x, kernel, v := random(rng, 40), random(rng, 24), random(rng, 40)
		kernel[0], v[8] = float32(math.Inf(1)), float32(math.Inf(1)) // output channel 0
		var names []string
		results := graph.MustExecOnceN(b, func(x, kernel, v *graph.Node) []*graph.Node {
			names = nil
			var nodes []*graph.Node
			for m, in := range [maps][2]*graph.Node{{x, kernel}, {graph.OnesLike(v), kernel}, {x, v}} {
				for _, f := range computing(b, p, whichMap(m)) {
					names = append(names, f+" "+mapNames[m])
					// The last channels are those of the other group.
					nodes = append(nodes, graph.SliceAxis(p.build(whichMap(m), f, in[0], in[1]), -1, graph.AxisRange(2)))
				}
			}
			return nodes
		}, tensors.FromFlatDataAndDimensions(x, 2, 5, 4), tensors.FromFlatDataAndDimensions(kernel, 3, 2, 4), tensors.FromFlatDataAndDimensions(v, 2, 5, 4))
		for i, r := range results {
			for _, y := range tensors.MustCopyFlatData[float32](r) {
				if d := float64(y); math.IsNaN(d) || math.IsInf(d, 0) {
					t.Errorf("%s: %g in a group of finite numbers", names[i], y)
					break
				}
			}
		}
	})
}
