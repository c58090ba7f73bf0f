package lower

import (
	"slices"

	"convlab/internal/geometry"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// MaxTiles keeps the largest value of each tile; tiles of the given size per
// spatial axis lie side by side, what fills none at the end is dropped. The
// gradient goes to the first of equals (of NaNs, to the last): the place of the
// largest is kept, one byte per tile, and the backward pass writes each pixel
// once.
//
// x: [batch, spatial..., channels] → [batch, spatial/size..., channels].
func MaxTiles(x *graph.Node, size []int) *graph.Node {
	dims := x.Shape().Dimensions
	n := len(size)
	out := slices.Clone(dims)
	for i, s := range size {
		out[i+1] = dims[i+1] / s
	}
	best, places := make([]*graph.Node, geometry.Volume(size)), make([]*graph.Node, geometry.Volume(size))
	for t := range best {
		spec := make([]graph.SliceAxisSpec, n+2)
		spec[0], spec[n+1] = graph.AxisRange(), graph.AxisRange()
		for i, start := range geometry.Unravel(t, size) {
			spec[i+1] = graph.AxisRange(start, start+(out[i+1]-1)*size[i]+1).Stride(size[i])
		}
		best[t] = graph.Slice(x, spec...)
		places[t] = graph.BroadcastToDims(graph.Const(x.Graph(), uint8(t)), out...)
	}
	for len(best) > 1 { // a tournament of neighbours: the first of equals wins, the last of NaNs
		next, at := best[:0:0], places[:0:0]
		for i := 0; i+1 < len(best); i += 2 {
			second := Overtakes(best[i+1], best[i])
			next = append(next, graph.Where(second, best[i+1], best[i]))
			at = append(at, graph.Where(second, places[i+1], places[i]))
		}
		if len(best)%2 == 1 {
			next, at = append(next, best[len(best)-1]), append(at, places[len(best)-1])
		}
		best, places = next, at
	}
	return withGradient(best[0], []*graph.Node{x}, func(_ int, v *graph.Node) *graph.Node {
		return spreadTiles(v, places[0], size, dims)
	})
}

// spreadTiles puts each value of v at its place in its tile, zero elsewhere,
// in an array of dims.
func spreadTiles(v, place *graph.Node, size, dims []int) *graph.Node {
	g, out := v.Graph(), v.Shape().Dimensions
	narrow, wide := []int{out[0]}, []int{out[0]} // [batch, tiles, 1, …], [batch, tiles, size, …]
	one, tiled := []int{1}, []int{out[0]}        // [1, 1, size, …], [batch, tiles·size, …]
	pads := make([]compute.PadAxis, len(dims))
	for i, s := range size {
		narrow, wide = append(narrow, out[i+1], 1), append(wide, out[i+1], s)
		one, tiled = append(one, 1, s), append(tiled, out[i+1]*s)
		pads[i+1].End = dims[i+1] - out[i+1]*s
	}
	channels := out[len(out)-1]
	narrow, wide, one, tiled = append(narrow, channels), append(wide, channels), append(one, 1), append(tiled, channels)
	spread := func(x *graph.Node) *graph.Node { return graph.BroadcastToDims(graph.Reshape(x, narrow...), wide...) }
	index := graph.Reshape(graph.Iota(g, shapes.Make(dtypes.Uint8, geometry.Volume(size)), 0), one...)
	all := spread(v)
	d := graph.Where(graph.Equal(spread(place), graph.BroadcastToDims(index, wide...)), all, graph.ZerosLike(all))
	d = graph.Reshape(d, tiled...)
	if !slices.Equal(tiled, dims) {
		d = graph.Pad(d, graph.ScalarZero(g, v.DType()), pads...)
	}
	return d
}
