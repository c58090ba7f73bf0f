package lower

import (
	"slices"

	"convlab/internal/geometry"

	"github.com/gomlx/gomlx/core/graph"
)

// kernelGradient: x [batch, in..., cin], v [batch, out..., cout] → the shape
// of the kernel. Tap by tap it is the product of what the tap reads with what
// it wrote, summed over all positions.
func (p *problem) kernelGradient(how string, x, v *graph.Node) *graph.Node {
	return p.build(kernelMap, how, x, v)
}

// nativeKernelGradient is a convolution of x with v for a kernel: batch and
// channels change places, and so do stride and dilation.
func (p *problem) nativeKernelGradient(x, v *graph.Node) *graph.Node {
	axes := gradientAxes(channelsLast(p.axes()))
	x, pads := p.readForGradient(x)
	one := func(x, v *graph.Node) *graph.Node {
		return graph.ConvGeneral(x, v, axes, p.Dilations, pads, nil, p.Strides, 1, 1)
	}
	if p.dense() {
		return one(x, v)
	}
	xs, vs := graph.Split(x, -1, p.Groups), graph.Split(v, -1, p.Groups)
	parts := make([]*graph.Node, p.Groups)
	for g := range parts {
		parts[g] = one(xs[g], vs[g])
	}
	return graph.Concatenate(parts, -1)
}

// swappedKernelGradient is the same sum seen from x: v slides, x is the kernel.
// The side that slides is laid out once per tap, so it should have the fewer
// channels.
func (p *problem) swappedKernelGradient(x, v *graph.Node) *graph.Node {
	n := p.axes()
	axes := channelsLast(n)
	axes.InputBatch, axes.InputChannels = n+1, 0
	axes.KernelInputChannels, axes.KernelOutputChannels, axes.KernelSpatial = 0, n+1, axes.InputSpatial
	axes.OutputBatch, axes.OutputChannels, axes.OutputSpatial = n+1, n, channelsLast(n).KernelSpatial
	pads := make([][2]int, n)
	for i, pad := range p.Pads {
		pads[i] = [2]int{p.span(i) - 1 - pad[0], p.span(i) - 1 - pad[1]}
	}
	dk := graph.ConvGeneral(v, x, axes, p.Dilations, pads, nil, nil, 1, 1)
	return graph.Reverse(dk, p.spatial()...)
}

// positionsAtOnce bounds the sum that one convolution makes in
// partsKernelGradient: what is laid out for many more leaves the caches.
const positionsAtOnce = 8192

// partsKernelGradient adds up the gradients of parts of the batch, each with
// the side sliding that has fewer channels. A kernel that is one pixel wide
// along an axis slides itself: swapped it took 40 times as long (1x3, 128 to
// 128 channels on 13x15 pixels, XLA CPU).
func (p *problem) partsKernelGradient(x, v *graph.Node) *graph.Node {
	how := Native
	if _, err := p.way(kernelMap, Swapped); err == nil && p.cin >= p.cout && slices.Min(p.kernel) > 1 {
		how = Swapped
	}
	each := max(1, positionsAtOnce/geometry.Volume(p.out))
	var sum *graph.Node
	for from := 0; from < p.batch; from += each {
		some := *p
		some.batch = min(each, p.batch-from)
		r := graph.AxisRange(from, from+some.batch)
		sum = plus(sum, wide(some.kernelGradient(how, graph.SliceAxis(x, 0, r), graph.SliceAxis(v, 0, r))))
	}
	return graph.ConvertDType(sum, x.DType())
}

// im2colKernelGradient is one product over all positions.
func (p *problem) im2colKernelGradient(x, v *graph.Node) *graph.Node {
	rows := p.batch * geometry.Volume(p.out)
	if p.dense() {
		columns := graph.Reshape(p.columns(x), rows, p.taps()*p.cin)
		return graph.Reshape(graph.DotGeneral(columns, []int{0}, nil, graph.Reshape(v, rows, p.cout), []int{0}, nil), p.kernelShape()...)
	}
	columns := graph.Reshape(p.groupColumns(x), rows, p.Groups, p.taps()*p.perIn())
	d := graph.DotGeneral(columns, []int{0}, []int{1}, graph.Reshape(v, rows, p.Groups, p.perOut()), []int{0}, []int{1}) // [groups, taps·perIn, perOut]
	return graph.Reshape(graph.TransposeAllAxes(d, 1, 0, 2), p.kernelShape()...)
}

// elementwiseKernelGradient multiplies number by number and sums, tap by tap.
func (p *problem) elementwiseKernelGradient(x, v *graph.Node) *graph.Node {
	padded := padOrCrop(x, p.Pads)
	parts := make([]*graph.Node, p.taps())
	for t := range parts {
		parts[t] = graph.Reshape(p.elementwiseTapGradient(p.reads(padded, t), v), p.perIn(), p.cout)
	}
	return graph.Reshape(graph.Stack(parts, 0), p.kernelShape()...)
}

func (p *problem) elementwiseTapGradient(reads, v *graph.Node) *graph.Node {
	if p.perIn() == 1 && p.perOut() == 1 {
		return p.sumOfProducts(reads, v)
	}
	reads, v = p.split(reads), p.split(v)
	parts := make([]*graph.Node, p.perIn())
	for c := range parts {
		one := graph.BroadcastToDims(graph.SliceAxis(reads, -1, graph.AxisElem(c)), v.Shape().Dimensions...)
		parts[c] = p.sumOfProducts(one, v) // [groups, perOut]
	}
	return graph.Stack(parts, 0)
}

// addedUp is how many parts of the batch are added up one by one.
const addedUp = 16

// sumOfProducts sums a·b over all positions. Parts of the batch are first
// added up number by number, which compilers vectorise; a sum over all
// positions at once runs through memory channel by channel.
func (p *problem) sumOfProducts(a, b *graph.Node) *graph.Node {
	return graph.ConvertDType(p.wideSumOfProducts(wide(a), wide(b)), a.DType())
}

func (p *problem) wideSumOfProducts(a, b *graph.Node) *graph.Node {
	each := p.batch / addedUp
	if each == 0 {
		return graph.ReduceSum(graph.Mul(a, b), p.positions()...)
	}
	part := func(from, to int) *graph.Node {
		return graph.Mul(graph.SliceAxis(a, 0, graph.AxisRange(from, to)), graph.SliceAxis(b, 0, graph.AxisRange(from, to)))
	}
	var sum *graph.Node
	for i := range addedUp {
		sum = plus(sum, part(i*each, (i+1)*each))
	}
	sum = graph.ReduceSum(sum, p.positions()...)
	if rest := p.batch - each*addedUp; rest > 0 {
		sum = graph.Add(sum, graph.ReduceSum(part(each*addedUp, p.batch), p.positions()...))
	}
	return sum
}
