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

// Overtakes tells where the value of later takes the place of that of earlier
// in PyTorch's maximum: where it is larger, and where it is not a number. So
// the first of equals stays, and a NaN stays one. (XLA's own maximum on CPUs
// loses a NaN.)
func Overtakes(later, earlier *graph.Node) *graph.Node {
	return graph.LogicalOr(graph.GreaterThan(later, earlier), graph.NotEqual(later, later))
}

// MaxAlong is the largest value along one axis, which it takes away, or NaN if
// there is one. The gradient goes to the first of equals, to the last of NaNs,
// as in PyTorch.
func MaxAlong(x *graph.Node, axis int) *graph.Node {
	dims := x.Shape().Dimensions
	n := dims[axis]
	strange := graph.NotEqual(x, x)
	best := graph.Add(graph.ReduceMax(x, axis), graph.ReduceSum(graph.Where(strange, x, graph.ZerosLike(x)), axis))
	return withGradient(best, []*graph.Node{x}, func(_ int, v *graph.Node) *graph.Node {
		spread := func(v *graph.Node) *graph.Node { return graph.BroadcastToDims(graph.InsertAxes(v, axis), dims...) }
		// The place has the highest rank: n..2n-1 for NaNs, 0..n-1 for the largest, -1 for the others.
		index := graph.Iota(x.Graph(), shapes.Make(dtypes.Int32, dims...), axis)
		rank := graph.Where(graph.Equal(x, spread(best)), graph.AddScalar(graph.Neg(index), n-1), graph.AddScalar(graph.ZerosLike(index), -1))
		rank = graph.Where(strange, graph.AddScalar(index, n), rank)
		all := spread(v)
		return graph.Where(graph.Equal(rank, spread(graph.ReduceMax(rank, axis))), all, graph.ZerosLike(all))
	})
}

// GlobalMax: x [batch, spatial..., channels] → [batch, channels], the largest
// value as MaxAlong has it.
func GlobalMax(x *graph.Node) *graph.Node {
	dims := x.Shape().Dimensions
	return MaxAlong(graph.Reshape(x, dims[0], -1, dims[len(dims)-1]), 1)
}
