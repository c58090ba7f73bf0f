package lower

import (
	"slices"

	"convlab/internal/geometry"

	"github.com/gomlx/gomlx/core/graph"
)

// inputGradient: v [batch, out..., cout], kernel → [batch, in..., cin].
func (p *problem) inputGradient(how string, v, kernel *graph.Node) *graph.Node {
	return p.build(inputMap, how, v, kernel)
}

// turned is the kernel of the convolution from outputs back to inputs: taps in
// reverse order, [spatial..., out/groups, in].
func (p *problem) turned(kernel *graph.Node) *graph.Node {
	return p.swapped(graph.Reverse(kernel, p.spatial()...))
}

// swapped exchanges in and out within each group: [spatial..., in/groups, out]
// → [spatial..., out/groups, in].
func (p *problem) swapped(kernel *graph.Node) *graph.Node {
	dims := kernel.Shape().Dimensions[:p.axes()]
	taps := geometry.Volume(dims)
	k := graph.Reshape(kernel, taps, p.perIn(), p.Groups, p.perOut())
	k = graph.TransposeAllAxes(k, 0, 3, 2, 1)
	return graph.Reshape(k, append(append([]int{}, dims...), p.perOut(), p.cin)...)
}

func (p *problem) spatial() []int {
	axes := make([]int, p.axes())
	for i := range axes {
		axes[i] = i
	}
	return axes
}

// nativeInputGradient slides the turned kernel over v with stride-1 zeros
// between its pixels: the "zero insertion" of lesson 1.4.1.
func (p *problem) nativeInputGradient(v, kernel *graph.Node) *graph.Node {
	pads, cut := p.turnedPads()
	if p.dense() {
		// Channels change places by name, not by a copy.
		axes := channelsLast(p.axes())
		axes.KernelInputChannels, axes.KernelOutputChannels = axes.KernelOutputChannels, axes.KernelInputChannels
		if !p.strided() && platform(v) == cpuPlatform && geometry.Volume(p.in) > geometry.Volume(p.out) {
			v, pads = surround(v, pads), nil
		}
		return padOrCrop(graph.ConvGeneral(v, graph.Reverse(kernel, p.spatial()...), axes, nil, pads, p.Strides, p.Dilations, 1, 1), cut)
	}
	return padOrCrop(graph.ConvGeneral(v, p.turned(kernel), channelsLast(p.axes()), nil, pads, p.Strides, p.Dilations, p.Groups, 1), cut)
}

// surround lays zeros around v before a convolution whose output is larger
// than v: XLA's CPU kernels take a fifth less time for that when nothing is
// left to pad. Joined, because a padding it would fold back into the
// convolution.
func surround(v *graph.Node, pads [][2]int) *graph.Node {
	for i, pad := range pads {
		zeros := func(n int) *graph.Node {
			dims := slices.Clone(v.Shape().Dimensions)
			dims[i+1] = n
			return graph.Zeros(v.Graph(), zeroShape(v, dims))
		}
		parts := []*graph.Node{v}
		if pad[0] > 0 {
			parts = append([]*graph.Node{zeros(pad[0])}, parts...)
		}
		if pad[1] > 0 {
			parts = append(parts, zeros(pad[1]))
		}
		if len(parts) > 1 {
			v = graph.Concatenate(parts, i+1)
		}
	}
	return v
}

// phase is the inputs of one axis whose padded position is from + stride·q,
// q ≥ 0: they meet only the taps first, first+step, … of which there are
// count, and these read v without gaps other than dilation.
type phase struct {
	first, step, count, dilation int
	before                       int // padding of v so that output q is input q
}

// phases lists the phases of an axis and how many inputs q each has; the first
// input proper is number skip of them all.
func (p *problem) phases(axis int) (list []phase, each, skip int) {
	s, d, pad := p.Strides[axis], p.Dilations[axis], p.Pads[axis][0]
	q0 := pad / s
	each = (pad+p.in[axis]+s-1)/s - q0
	g := gcd(s, d)
	for f := range s {
		ph := phase{step: s / g, dilation: d / g}
		for t := range p.kernel[axis] {
			if (t*d-f)%s != 0 {
				continue
			}
			if ph.count == 0 {
				ph.first = t
			}
			ph.count++
			// Input q·s+f of the padded line met tap t at output q - (t·d-f)/s;
			// the last tap reads first.
			ph.before = (t*d-f)/s - q0
		}
		list = append(list, ph)
	}
	return list, each, pad - q0*s
}

func gcd(a, b int) int {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

// phasesInputGradient is one stride-1 convolution of v for each phase of the
// strides, put together pixel by pixel (the sub-pixel convolution of Shi et
// al. 2016): no product with an inserted zero is made.
func (p *problem) phasesInputGradient(v, kernel *graph.Node) *graph.Node {
	n := p.axes()
	lists, each, skip := make([][]phase, n), make([]int, n), make([]int, n)
	for i := range n {
		lists[i], each[i], skip[i] = p.phases(i)
	}
	parts := make([]*graph.Node, geometry.Volume(p.Strides))
	for f := range parts {
		phases := make([]phase, n)
		for i, at := range geometry.Unravel(f, p.Strides) {
			phases[i] = lists[i][at]
		}
		parts[f] = p.onePhase(v, kernel, phases, each)
	}
	return p.interleave(graph.Concatenate(parts, -1), each, skip)
}

// onePhase: v → [batch, each..., cin].
func (p *problem) onePhase(v, kernel *graph.Node, phases []phase, each []int) *graph.Node {
	n := p.axes()
	sub := &problem{Conv: Conv{Groups: p.Groups}, batch: p.batch, in: p.out, out: each, cin: p.cout, cout: p.cin}
	var taps []graph.SliceAxisSpec
	for i, ph := range phases {
		after := each[i] - p.out[i] - ph.before + (ph.count-1)*ph.dilation
		if ph.count == 0 || p.out[i]+min(ph.before, 0)+min(after, 0) < 1 {
			return graph.Zeros(v.Graph(), zeroShape(v, append(append([]int{p.batch}, each...), p.cin)))
		}
		sub.Strides = append(sub.Strides, 1)
		sub.Dilations = append(sub.Dilations, ph.dilation)
		sub.Pads = append(sub.Pads, [2]int{ph.before, after})
		sub.kernel = append(sub.kernel, ph.count)
		r := graph.AxisRange(ph.first, ph.first+(ph.count-1)*ph.step+1)
		if ph.step > 1 {
			r = r.Stride(ph.step)
		}
		taps = append(taps, r)
	}
	k := p.turned(graph.Slice(kernel, append(taps, graph.AxisRange(), graph.AxisRange())...))
	// Cropping first leaves padding that every formulation takes.
	crop := make([][2]int, n)
	for i := range crop {
		crop[i] = [2]int{min(sub.Pads[i][0], 0), min(sub.Pads[i][1], 0)}
		sub.Pads[i] = [2]int{max(sub.Pads[i][0], 0), max(sub.Pads[i][1], 0)}
	}
	v = padOrCrop(v, crop)
	sub.in = v.Shape().Dimensions[1 : n+1]
	return sub.forward(choose(platform(v), sub).Forward, v, k)
}

// mergedPhases is what all phases of an axis read of v as one window: output
// q of the merged convolution reads v from q + low.
type mergedPhases struct {
	list       []phase
	each, skip int
	low, high  int    // range of v read for q = 0
	pads       [2]int // of v
}

func (p *problem) mergedPhases(axis int) mergedPhases {
	var m mergedPhases
	m.list, m.each, m.skip = p.phases(axis)
	for i, ph := range m.list {
		low, high := -ph.before, ph.count-1-ph.before
		if i == 0 {
			m.low, m.high = low, high
		}
		m.low, m.high = min(m.low, low), max(m.high, high)
	}
	m.pads = [2]int{-m.low, m.each - p.out[axis] + m.high}
	return m
}

// mergedInputGradient computes all phases by one stride-1 convolution with a
// phase's channels beside another's: fewer, larger products, at the price of
// zeros in the kernel where the phases have different numbers of taps.
func (p *problem) mergedInputGradient(v, kernel *graph.Node) *graph.Node {
	n := p.axes()
	merged, each, skip := make([]mergedPhases, n), make([]int, n), make([]int, n)
	sub := &problem{Conv: Conv{Groups: 1}, batch: p.batch, cin: p.cout, cout: p.cin * geometry.Volume(p.Strides)}
	crop := make([][2]int, n)
	for i := range n {
		m := p.mergedPhases(i)
		merged[i], each[i], skip[i] = m, m.each, m.skip
		sub.Strides, sub.Dilations = append(sub.Strides, 1), append(sub.Dilations, 1)
		sub.kernel, sub.out = append(sub.kernel, m.high-m.low+1), append(sub.out, m.each)
		sub.Pads = append(sub.Pads, [2]int{max(m.pads[0], 0), max(m.pads[1], 0)})
		crop[i] = [2]int{min(m.pads[0], 0), min(m.pads[1], 0)}
	}
	kernels := make([]*graph.Node, geometry.Volume(p.Strides))
	for f := range kernels {
		var taps []graph.SliceAxisSpec
		around := make([][2]int, n)
		for i, at := range geometry.Unravel(f, p.Strides) {
			m := merged[i]
			ph := m.list[at]
			taps = append(taps, graph.AxisRange(ph.first, ph.first+(ph.count-1)*ph.step+1).Stride(ph.step))
			around[i] = [2]int{-ph.before - m.low, m.high - (ph.count - 1 - ph.before)}
		}
		k := p.turned(graph.Slice(kernel, append(taps, graph.AxisRange(), graph.AxisRange())...))
		// padOrCrop leaves axis 0 alone, so the kernel gets one for the time.
		k = padOrCrop(graph.InsertAxes(k, 0), around)
		kernels[f] = graph.Squeeze(k, 0)
	}
	v = padOrCrop(v, crop)
	sub.in = v.Shape().Dimensions[1 : n+1]
	y := sub.forward(choose(platform(v), sub).Forward, v, graph.Concatenate(kernels, -1))
	return p.interleave(y, each, skip)
}

// interleave: [batch, each..., strides...·cin] → [batch, in..., cin], pixel
// q of phase f going to q·stride + f.
func (p *problem) interleave(y *graph.Node, each, skip []int) *graph.Node {
	n := p.axes()
	if geometry.Volume(p.Strides) > 1 {
		y = graph.Reshape(y, append(append(append([]int{p.batch}, each...), p.Strides...), p.cin)...)
		order := []int{0}
		wide := []int{p.batch}
		for i := range n {
			order = append(order, 1+i, 1+n+i)
			wide = append(wide, each[i]*p.Strides[i])
		}
		y = graph.Reshape(graph.TransposeAllAxes(y, append(order, 2*n+1)...), append(wide, p.cin)...)
	}
	crop := make([][2]int, n)
	for i := range crop {
		crop[i] = [2]int{-skip[i], -(each[i]*p.Strides[i] - skip[i] - p.in[i])}
	}
	return padOrCrop(y, crop)
}
