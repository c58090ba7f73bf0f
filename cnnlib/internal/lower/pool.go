package lower

import (
	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// Surround puts fill around the spatial axes of x, pads[i] before and after.
// It has a gradient, which GoMLX's own padding lacks.
func Surround(x *graph.Node, pads [][2]int, fill float32) *graph.Node {
	config := make([]compute.PadAxis, x.Rank())
	inside := make([]graph.SliceAxisSpec, x.Rank())
	wide := false
	for i := range inside {
		inside[i] = graph.AxisRange()
	}
	for i, p := range pads {
		config[i+1] = compute.PadAxis{Start: p[0], End: p[1]}
		inside[i+1] = graph.AxisRange(p[0], p[0]+x.Shape().Dimensions[i+1])
		wide = wide || p[0] > 0 || p[1] > 0
	}
	if !wide {
		return x
	}
	y := graph.Pad(x, graph.Scalar(x.Graph(), x.DType(), fill), config...)
	return withGradient(y, []*graph.Node{x}, func(_ int, v *graph.Node) *graph.Node { return graph.Slice(v, inside...) })
}

// GlobalMax: x [batch, spatial..., channels] → [batch, channels], the largest
// value; the gradient goes to the first of equals.
func GlobalMax(x *graph.Node) *graph.Node {
	dims := x.Shape().Dimensions
	batch, channels := dims[0], dims[len(dims)-1]
	flat := graph.Reshape(x, batch, -1, channels)
	n := flat.Shape().Dimensions[1]
	return withGradient(graph.ReduceMax(flat, 1), []*graph.Node{x}, func(_ int, v *graph.Node) *graph.Node {
		index := graph.Iota(x.Graph(), shapes.Make(dtypes.Int32, batch, n, channels), 1)
		first := graph.BroadcastToDims(graph.InsertAxes(graph.ArgMax(flat, 1, dtypes.Int32), 1), batch, n, channels)
		spread := graph.BroadcastToDims(graph.InsertAxes(v, 1), batch, n, channels)
		return graph.Reshape(graph.Where(graph.Equal(index, first), spread, graph.ZerosLike(spread)), dims...)
	})
}
