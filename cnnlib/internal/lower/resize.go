package lower

import (
	"slices"

	"convlab/internal/geometry"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// Take gives x with its axis made of the places of index: y[..., o, ...] =
// x[..., index[o], ...]. Each place may be taken any number of times, in any
// order. The gradient takes too: it gathers for each place what all its takers
// got.
func Take(x *graph.Node, axis int, index []int) *graph.Node {
	n := x.Shape().Dimensions[axis]
	takers, most := make([][]int, n), 0
	for o, i := range index {
		takers[i] = append(takers[i], o)
		most = max(most, len(takers[i]))
	}
	return withGradient(take(x, axis, index), []*graph.Node{x}, func(_ int, v *graph.Node) *graph.Node {
		var sum *graph.Node
		for t := range most {
			from, has := make([]int, n), make([]bool, n)
			for i, all := range takers {
				if t < len(all) {
					from[i], has[i] = all[t], true
				}
			}
			part := take(v, axis, from)
			mask := graph.BroadcastToDims(alongAxis(graph.Const(x.Graph(), has), axis, part.Rank()), part.Shape().Dimensions...)
			part = graph.Where(mask, part, graph.ZerosLike(part))
			if sum == nil {
				sum = part
			} else {
				sum = graph.Add(sum, part)
			}
		}
		return sum
	})
}

// take is Take without a gradient: a gather of rows.
func take(x *graph.Node, axis int, index []int) *graph.Node {
	g, dims := x.Graph(), x.Shape().Dimensions
	outer, n, inner := geometry.Volume(dims[:axis]), dims[axis], geometry.Volume(dims[axis+1:])
	places := make([]int32, len(index))
	for o, i := range index {
		places[o] = int32(i)
	}
	rows := graph.MulScalar(graph.Iota(g, shapes.Make(dtypes.Int32, outer, len(index), 1), 0), n)
	rows = graph.Add(rows, graph.Reshape(graph.Const(g, places), 1, len(index), 1))
	y := graph.Gather(graph.Reshape(x, outer*n, inner), graph.Reshape(rows, outer*len(index), 1), true)
	out := slices.Clone(dims)
	out[axis] = len(index)
	return graph.Reshape(y, out...)
}

// alongAxis lays a row of numbers along one axis of so many, the others 1.
func alongAxis(v *graph.Node, axis, rank int) *graph.Node {
	dims := slices.Repeat([]int{1}, rank)
	dims[axis] = v.Shape().Dimensions[0]
	return graph.Reshape(v, dims...)
}

// Repeat gives every pixel times[i] times along spatial axis i.
func Repeat(x *graph.Node, times []int) *graph.Node {
	dims := x.Shape().Dimensions
	narrow, wide, out := []int{dims[0]}, []int{dims[0]}, []int{dims[0]}
	for i, t := range times {
		n := dims[i+1]
		narrow, wide, out = append(narrow, n, 1), append(wide, n, t), append(out, n*t)
	}
	c := dims[len(dims)-1]
	return graph.Reshape(graph.BroadcastToDims(graph.Reshape(x, append(narrow, c)...), append(wide, c)...), append(out, c)...)
}

// Enlarge makes times pixels of each along axis, joined linearly as
// geometry.Linear does with a ratio of 1/times: each is a fixed share of the
// pixel and its neighbour, where the border's is itself.
func Enlarge(x *graph.Node, axis, times int) *graph.Node {
	dims := x.Shape().Dimensions
	n := dims[axis]
	part := func(from, to int) *graph.Node { return graph.SliceAxis(x, axis, graph.AxisRange(from, to)) }
	before, after := x, x
	if n > 1 {
		before = graph.Concatenate([]*graph.Node{part(0, 1), part(0, n-1)}, axis)
		after = graph.Concatenate([]*graph.Node{part(1, n), part(n-1, n)}, axis)
	}
	phases := make([]*graph.Node, times)
	for r := range phases {
		at := (float64(r)+0.5)/float64(times) - 0.5 // of the pixel, between −1/2 and 1/2
		switch {
		case at < 0:
			phases[r] = graph.Add(graph.MulScalar(before, -at), graph.MulScalar(x, 1+at))
		case at > 0:
			phases[r] = graph.Add(graph.MulScalar(x, 1-at), graph.MulScalar(after, at))
		default:
			phases[r] = x
		}
	}
	return interleave(phases, axis)
}

// interleave lays parts of one shape out along axis in turn: the first pixel
// of each, then the second of each.
func interleave(parts []*graph.Node, axis int) *graph.Node {
	if len(parts) == 1 {
		return parts[0]
	}
	out := slices.Clone(parts[0].Shape().Dimensions)
	out[axis] *= len(parts)
	return graph.Reshape(graph.Stack(parts, axis+1), out...)
}

// Resample makes the pixels along axis of those that r says.
func Resample(x *graph.Node, axis int, r geometry.Resampling) *graph.Node {
	low := Take(x, axis, r.Low)
	if !slices.ContainsFunc(r.Part, func(p float32) bool { return p > 0 }) {
		return low
	}
	part := alongAxis(graph.ConvertDType(graph.Const(x.Graph(), r.Part), x.DType()), axis, x.Rank())
	return graph.Add(graph.Mul(low, graph.OneMinus(part)), graph.Mul(Take(x, axis, r.High), part))
}

// Extend puts copies of x's own pixels along axis before and after it: those
// at the places of before, in this order, and those of after.
func Extend(x *graph.Node, axis int, before, after []int) *graph.Node {
	parts := []*graph.Node{x}
	copies := func(index []int) *graph.Node {
		from, to := slices.Min(index), slices.Max(index)+1
		index = slices.Clone(index)
		for i := range index {
			index[i] -= from
		}
		return Take(graph.SliceAxis(x, axis, graph.AxisRange(from, to)), axis, index)
	}
	if len(before) > 0 {
		parts = slices.Insert(parts, 0, copies(before))
	}
	if len(after) > 0 {
		parts = append(parts, copies(after))
	}
	if len(parts) == 1 {
		return x
	}
	return graph.Concatenate(parts, axis)
}

// Adapt shares the pixels along axis out to so many cells (geometry.Cell) and
// reduces each with reduce, which takes away the axis that it is given. Every
// out/gcd cells the pattern repeats: the axis is split there.
func Adapt(x *graph.Node, axis, out int, reduce func(x *graph.Node, axis int) *graph.Node) *graph.Node {
	dims := x.Shape().Dimensions
	blocks := gcd(dims[axis], out)
	block, cells := dims[axis]/blocks, out/blocks
	x = graph.Reshape(x, slices.Replace(slices.Clone(dims), axis, axis+1, blocks, block)...)
	parts := make([]*graph.Node, cells)
	for c := range parts {
		first, last := geometry.Cell(c, block, cells)
		parts[c] = reduce(graph.SliceAxis(x, axis+1, graph.AxisRange(first, last+1)), axis+1)
	}
	return interleave(parts, axis)
}
