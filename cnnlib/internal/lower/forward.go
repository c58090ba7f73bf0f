package lower

import (
	"convlab/internal/geometry"

	"github.com/gomlx/gomlx/core/graph"
)

// forward: x [batch, in..., cin], kernel → [batch, out..., cout].
func (p *problem) forward(how string, x, kernel *graph.Node) *graph.Node {
	return p.build(forwardMap, how, x, kernel)
}

func (p *problem) nativeForward(x, kernel *graph.Node) *graph.Node {
	return graph.ConvGeneral(x, kernel, channelsLast(p.axes()), p.Strides, p.Pads, nil, p.Dilations, p.Groups, 1)
}

// im2colForward lays all that a kernel reads side by side and multiplies once.
func (p *problem) im2colForward(x, kernel *graph.Node) *graph.Node {
	if p.dense() {
		columns := graph.Reshape(p.columns(x), p.batch*geometry.Volume(p.out), p.taps()*p.cin)
		y := graph.Dot(columns, graph.Reshape(kernel, p.taps()*p.cin, p.cout)).Product()
		return graph.Reshape(y, p.yShape(p.cout)...)
	}
	columns := p.groupColumns(x)
	last := columns.Rank() - 1
	y := graph.DotGeneral(columns, []int{last}, []int{last - 1}, p.byGroup(kernel), []int{1}, []int{0}) // [groups, batch, out..., perOut]
	return graph.Reshape(groupsLast(y), p.yShape(p.cout)...)
}

// groupsLast moves axis 0 before the last one.
func groupsLast(y *graph.Node) *graph.Node {
	order := make([]int, y.Rank())
	for i := range order {
		order[i] = i + 1
	}
	order[y.Rank()-2], order[y.Rank()-1] = 0, y.Rank()-1
	return graph.TransposeAllAxes(y, order...)
}

func plus(sum, part *graph.Node) *graph.Node {
	if sum == nil {
		return part
	}
	return graph.Add(sum, part)
}

// elementwiseForward multiplies and adds number by number, which compilers
// fuse into one loop: for groups with few channels.
func (p *problem) elementwiseForward(x, kernel *graph.Node) *graph.Node {
	padded := padOrCrop(x, p.Pads)
	rank := p.axes() + 3 // [batch, out..., groups, perOut]
	var sum *graph.Node
	for t := range p.taps() {
		part := p.reads(padded, t)
		k := graph.Reshape(p.tap(kernel, t), p.perIn(), p.Groups, p.perOut())
		if p.perIn() == 1 && p.perOut() == 1 {
			sum = plus(sum, wide(graph.Mul(part, graph.ExpandLeftToRank(graph.Reshape(k, p.cout), rank-1))))
			continue
		}
		part = p.split(part)
		for c := range p.perIn() {
			one := graph.SliceAxis(part, -1, graph.AxisElem(c)) // [batch, out..., groups, 1]
			one = graph.BroadcastToDims(one, p.yShape(p.Groups, p.perOut())...)
			sum = plus(sum, wide(graph.Mul(one, graph.ExpandLeftToRank(graph.Reshape(graph.Slice(k, graph.AxisElem(c)), p.Groups, p.perOut()), rank))))
		}
	}
	return graph.ConvertDType(graph.Reshape(sum, p.yShape(p.cout)...), x.DType())
}

func channelsLast(axes int) graph.ConvolveAxesConfig {
	var c graph.ConvolveAxesConfig
	for i := range axes {
		c.InputSpatial = append(c.InputSpatial, i+1)
		c.OutputSpatial = append(c.OutputSpatial, i+1)
		c.KernelSpatial = append(c.KernelSpatial, i)
	}
	c.InputChannels, c.OutputChannels = axes+1, axes+1
	c.KernelInputChannels, c.KernelOutputChannels = axes, axes+1
	return c
}
