package lower

import (
	"slices"

	"convlab/internal/geometry"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// padOrCrop adds zeros around the spatial axes of x, or takes pixels away
// where a count is below 0.
func padOrCrop(x *graph.Node, pads [][2]int) *graph.Node {
	config := make([]compute.PadAxis, x.Rank())
	crop := make([]graph.SliceAxisSpec, x.Rank())
	for i := range crop {
		crop[i] = graph.AxisRange()
	}
	pad, cut := false, false
	for i, p := range pads {
		config[i+1] = compute.PadAxis{Start: max(p[0], 0), End: max(p[1], 0)}
		crop[i+1] = graph.AxisRange(max(-p[0], 0), x.Shape().Dimensions[i+1]-max(-p[1], 0))
		pad = pad || p[0] > 0 || p[1] > 0
		cut = cut || p[0] < 0 || p[1] < 0
	}
	if cut {
		x = graph.Slice(x, crop...)
	}
	if pad {
		x = graph.Pad(x, graph.ScalarZero(x.Graph(), x.DType()), config...)
	}
	return x
}

// reads is the part of the padded input that tap t meets: one pixel per
// output, [batch, out..., in].
func (p *problem) reads(padded *graph.Node, t int) *graph.Node {
	spec := []graph.SliceAxisSpec{graph.AxisRange()}
	for i, at := range geometry.Unravel(t, p.kernel) {
		start := at * p.Dilations[i]
		r := graph.AxisRange(start, start+(p.out[i]-1)*p.Strides[i]+1)
		if p.Strides[i] > 1 {
			r = r.Stride(p.Strides[i])
		}
		spec = append(spec, r)
	}
	return graph.Slice(padded, append(spec, graph.AxisRange())...)
}

// tap is the kernel's matrix at tap t: [in/groups, out].
func (p *problem) tap(kernel *graph.Node, t int) *graph.Node {
	return graph.Reshape(graph.Slice(graph.Reshape(kernel, p.taps(), p.perIn(), p.cout), graph.AxisElem(t)), p.perIn(), p.cout)
}

// split gives the last axis of x two: [..., groups, channels/groups].
func (p *problem) split(x *graph.Node) *graph.Node {
	dims := x.Shape().Dimensions
	last := len(dims) - 1
	return graph.Reshape(x, append(slices.Clone(dims[:last]), p.Groups, dims[last]/p.Groups)...)
}

// columns is im2col: [batch, out..., taps·in], tap by tap.
func (p *problem) columns(x *graph.Node) *graph.Node {
	padded := padOrCrop(x, p.Pads)
	if p.taps() == 1 {
		return p.reads(padded, 0)
	}
	parts := make([]*graph.Node, p.taps())
	for t := range parts {
		parts[t] = p.reads(padded, t)
	}
	return graph.Concatenate(parts, -1)
}

// groupColumns is im2col by group: [batch, out..., groups, taps·in/groups].
func (p *problem) groupColumns(x *graph.Node) *graph.Node {
	padded := padOrCrop(x, p.Pads)
	parts := make([]*graph.Node, p.taps())
	for t := range parts {
		parts[t] = p.split(p.reads(padded, t))
	}
	if len(parts) == 1 {
		return parts[0]
	}
	return graph.Concatenate(parts, -1)
}

// byGroup is the kernel with one matrix per group: [groups, taps·in/groups,
// out/groups].
func (p *problem) byGroup(kernel *graph.Node) *graph.Node {
	k := graph.Reshape(kernel, p.taps()*p.perIn(), p.Groups, p.perOut())
	return graph.TransposeAllAxes(k, 1, 0, 2)
}

// positions is the list of axes of [batch, spatial...].
func (p *problem) positions() []int {
	axes := make([]int, p.axes()+1)
	for i := range axes {
		axes[i] = i
	}
	return axes
}

// yShape is [batch, out..., channels...].
func (p *problem) yShape(channels ...int) []int {
	return append(append([]int{p.batch}, p.out...), channels...)
}

func (p *problem) kernelShape() []int {
	return append(slices.Clone(p.kernel), p.perIn(), p.cout)
}

// wide is x in float32 if it has fewer bits. Long sums are made in it: in
// bfloat16 a sum stops growing after some hundred numbers.
func wide(x *graph.Node) *graph.Node {
	if x.DType().IsHalfPrecision() {
		return graph.ConvertDType(x, dtypes.Float32)
	}
	return x
}

func zeroShape(like *graph.Node, dims []int) shapes.Shape { return shapes.Make(like.DType(), dims...) }
