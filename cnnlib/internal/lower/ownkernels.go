package lower

import (
	"errors"
	"slices"

	"convlab/internal/kernels"
	"convlab/internal/kernels/program"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
)

// Our own kernels take a convolution from the program if it names its spatial
// axes in the order that package program looks for. So all three maps are one
// ordinary convolution each, which any backend computes; where our kernels are
// not used, choose picks others and a plan that asks for these is refused.

// direct tells whether our kernels compute what is built on x's graph.
func direct(x *graph.Node) bool {
	return kernels.Active() && platform(x) == cpuPlatform && x.DType() == dtypes.Float32 && x.Graph().NumDevices() <= 1
}

// noDirect is an error if the plan asks for our kernels on a platform that
// does not have them.
func noDirect(platform string, plan Plan) error {
	if !slices.Contains([]string{plan.Forward, plan.Input, plan.Kernel}, Direct) {
		return nil
	}
	if platform != cpuPlatform {
		return errors.New("plan: \"" + Direct + "\" is for XLA on CPUs, this backend is " + platform)
	}
	if _, err := kernels.Status(); err != nil {
		return errors.New("plan: \"" + Direct + "\" needs our kernels, which are not in use: " + err.Error())
	}
	return nil
}

// flat is the problem with at least two spatial axes: one that has one gets
// another, of size 1, in front.
func (p *problem) flat() *problem {
	if p.axes() > 1 {
		return p
	}
	f := *p
	one := func(v []int) []int { return append([]int{1}, v...) }
	f.Strides, f.Dilations, f.Pads = one(p.Strides), one(p.Dilations), append([][2]int{{}}, p.Pads...)
	f.in, f.out, f.kernel = one(p.in), one(p.out), one(p.kernel)
	return &f
}

// shaped is x with these dimensions.
func shaped(x *graph.Node, dims []int) *graph.Node {
	if slices.Equal(x.Shape().Dimensions, dims) {
		return x
	}
	return graph.Reshape(x, dims...)
}

// marked are the axes of channelsLast under the names that package program
// looks for.
func (p *problem) marked() graph.ConvolveAxesConfig {
	axes := channelsLast(p.axes())
	for _, names := range []*[]int{&axes.InputSpatial, &axes.KernelSpatial, &axes.OutputSpatial} {
		*names = reordered(*names)
	}
	return axes
}

// reordered is v, which has a value for each axis, in the order of those names.
func reordered[T any](v []T) []T {
	if v == nil {
		return nil
	}
	r := make([]T, len(v))
	for i, axis := range program.Marked(len(v)) {
		r[i] = v[axis]
	}
	return r
}

func (p *problem) directForward(x, kernel *graph.Node) *graph.Node {
	f := p.flat()
	y := graph.ConvGeneral(shaped(x, f.xShape()), shaped(kernel, f.kernelShape()), f.marked(),
		reordered(f.Strides), reordered(f.Pads), nil, reordered(f.Dilations), f.Groups, 1)
	return shaped(y, p.yShape(p.cout))
}

func (p *problem) directInputGradient(v, kernel *graph.Node) *graph.Node {
	f := p.flat()
	pads, cut := f.turnedPads()
	axes := f.marked()
	kernel = shaped(kernel, f.kernelShape())
	if f.dense() { // channels change places by name, not by a copy
		axes.KernelInputChannels, axes.KernelOutputChannels = axes.KernelOutputChannels, axes.KernelInputChannels
		kernel = graph.Reverse(kernel, f.spatial()...)
	} else {
		kernel = f.turned(kernel)
	}
	dx := graph.ConvGeneral(shaped(v, f.yShape(f.cout)), kernel, axes, nil, reordered(pads), reordered(f.Strides), reordered(f.Dilations), f.Groups, 1)
	return shaped(padOrCrop(dx, cut), p.xShape())
}

func (p *problem) directKernelGradient(x, v *graph.Node) *graph.Node {
	f := p.flat()
	axes := gradientAxes(f.marked())
	x, pads := f.readForGradient(shaped(x, f.xShape()))
	dk := graph.ConvGeneral(x, shaped(v, f.yShape(f.cout)), axes, reordered(f.Dilations), reordered(pads), nil, reordered(f.Strides), 1, f.Groups)
	return shaped(dk, p.kernelShape())
}

// xShape is that of the input.
func (p *problem) xShape() []int { return append(append([]int{p.batch}, p.in...), p.cin) }

// turnedPads are the paddings of the convolution from outputs back to inputs,
// over an input with holes, and what is to be cut from its result where they
// would be negative.
func (p *problem) turnedPads() (pads, cut [][2]int) {
	pads, cut = make([][2]int, p.axes()), make([][2]int, p.axes())
	for i := range pads {
		wide := (p.out[i]-1)*p.Strides[i] + 1
		before := p.span(i) - 1 - p.Pads[i][0]
		after := p.in[i] - wide - before + p.span(i) - 1
		pads[i] = [2]int{max(before, 0), max(after, 0)}
		cut[i] = [2]int{min(before, 0), min(after, 0)}
	}
	return pads, cut
}

// gradientAxes are those of a convolution of x with the output's gradient for
// a kernel: batch and channels change places.
func gradientAxes(axes graph.ConvolveAxesConfig) graph.ConvolveAxesConfig {
	n := len(axes.InputSpatial)
	kernelSpatial := axes.KernelSpatial
	axes.InputBatch, axes.InputChannels = n+1, 0
	axes.KernelInputChannels, axes.KernelOutputChannels, axes.KernelSpatial = 0, n+1, axes.InputSpatial
	axes.OutputBatch, axes.OutputChannels, axes.OutputSpatial = n, n+1, kernelSpatial
	return axes
}

// readForGradient gives the paddings of that convolution, and x without what a
// stride leaves unread at its end, which must not be read there.
func (p *problem) readForGradient(x *graph.Node) (read *graph.Node, pads [][2]int) {
	n := p.axes()
	pads = make([][2]int, n)
	before, cut := make([][2]int, n), make([][2]int, n)
	for i, pad := range p.Pads {
		used := (p.out[i]-1)*p.Strides[i] + p.span(i)
		pads[i] = [2]int{pad[0], used - p.in[i] - pad[0]}
		if pads[i][1] < 0 { // the cut may take all pixels and some of the padding
			before[i][0], cut[i][1] = pads[i][0], pads[i][1]
			pads[i] = [2]int{}
		}
	}
	return padOrCrop(padOrCrop(x, before), cut), pads
}
