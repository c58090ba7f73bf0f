package lower

import (
	"github.com/gomlx/gomlx/core/graph"
)

// withGradient gives y, computed from inputs in any way at all, a gradient of
// our own: vjp(i, v) is that of inputs[i] for the adjoint v of y. It is built
// only for the inputs that need one.
//
// GoMLX lets an identity have a gradient of its own, of one input and of its
// own shape. So y is cut off from its inputs and replaced, for the gradient
// alone, by a value that is never looked at: the identity behind it notes v,
// the identities in front of it turn v into what the inputs get. The backward
// pass visits them in this order.
func withGradient(y *graph.Node, inputs []*graph.Node, vjp func(i int, v *graph.Node) *graph.Node) *graph.Node {
	g := y.Graph()
	var adjoint, carrier *graph.Node
	for i, x := range inputs {
		front := graph.IdentityWithCustomGradient(x, func(_, _ *graph.Node) *graph.Node { return vjp(i, adjoint) })
		first := make([]graph.SliceAxisSpec, x.Rank())
		for axis := range first {
			first[axis] = graph.AxisElem(0)
		}
		scalar := graph.Reshape(graph.Slice(front, first...))
		if carrier == nil {
			carrier = scalar
		} else {
			carrier = graph.Add(carrier, scalar)
		}
	}
	behind := graph.Where(graph.Const(g, true), graph.StopGradient(y), carrier)
	return graph.IdentityWithCustomGradient(behind, func(_, v *graph.Node) *graph.Node {
		adjoint = v
		return v
	})
}
