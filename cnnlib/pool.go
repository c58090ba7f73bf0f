package cnnlib

import (
	"fmt"
	"math"
	"slices"

	"convlab/cnnlib/internal/lower"
	"convlab/internal/geometry"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// MaxPool keeps the largest value of each window. Stride 0 means Size, windows
// side by side; what fills no window is dropped unless Ceil. Padding never
// wins, a NaN always does. The gradient goes to the largest value, to the first
// of equals, as in PyTorch. Where it stood (the second output of ONNX's MaxPool) is not given.
//
// x: [batch, height, width, channels] → [batch, height', width', channels]
// with the sizes of a Conv; Size 2: [batch, height/2, width/2, channels].
type MaxPool struct {
	Size     int // side of the window
	Stride   int
	Padding  int
	Dilation int
	Ceil     bool     // ceil_mode: a last window may stick out at the end
	Axes     []Window // if set, a window per spatial axis in place of Size, Stride, Padding and Dilation; its zero Stride means 1
}

// poolWindows is the windows of a pooling layer, checked.
func poolWindows(s slide, ceil bool, in []int) ([]geometry.Window, Info, error) {
	spatial, channels, err := images(in)
	if err != nil {
		return nil, Info{}, err
	}
	if s.axes == nil && s.stride == 0 {
		s.stride = s.kernel
	}
	windows, err := s.windows(spatial)
	if err != nil {
		return nil, Info{}, err
	}
	for i := range windows {
		w := &windows[i]
		w.Ceil = ceil
		if max(w.PadBefore, w.PadAfter) >= w.Span() && w.Check() == nil {
			return nil, Info{}, fmt.Errorf("%s: padding %d before and %d after must be less than the window's span %d", geometry.AxisName(i, len(spatial)), w.PadBefore, w.PadAfter, w.Span())
		}
	}
	out, err := geometry.Output(windows, spatial)
	if err != nil {
		return nil, Info{}, err
	}
	return windows, Info{Output: append(out, channels), Window: slidings(windows)}, nil
}

func (p MaxPool) slide() slide { return slide{p.Size, p.Stride, p.Padding, p.Dilation, false, p.Axes} }

func poolName(kind string, s slide, axes int) string {
	name := kind + " " + s.size(axes)
	if s.stride > 0 && s.stride != s.kernel {
		name += fmt.Sprintf(" s%d", s.stride)
	}
	return name
}

// Name implements Layer.
func (p MaxPool) Name() string { return p.nameFor(0) }

func (p MaxPool) nameFor(axes int) string { return poolName("MaxPool", p.slide(), axes) }

// Check implements Layer.
func (p MaxPool) Check(in []int) (Info, error) {
	_, info, err := poolWindows(p.slide(), p.Ceil, in)
	return info, err
}

// Build implements Layer. The maximum of strided slices has a much cheaper
// gradient on XLA's CPU backend than a pooling operation: no
// select-and-scatter.
func (p MaxPool) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	windows, info, err := poolWindows(p.slide(), p.Ceil, x.Shape().Dimensions[1:])
	if err != nil {
		panic(fmt.Errorf("cnnlib: %s: %w", nameOf(p, x.Shape().Dimensions[1:]), err))
	}
	if size := tiles(windows); size != nil {
		return lower.MaxTiles(x, size)
	}
	var best *graph.Node
	for _, part := range windowReads(x, windows, info.Output, float32(math.Inf(-1))) {
		if best == nil {
			best = part
		} else {
			// Not Max: its gradient splits a tie, PyTorch's goes to the first.
			best = graph.Where(lower.Overtakes(part, best), part, best)
		}
	}
	return best
}

// tiles is the sizes of windows that lie side by side, without padding and
// dilation; nil for others.
func tiles(windows []geometry.Window) []int {
	size := make([]int, len(windows))
	taps := 1
	for i, w := range windows {
		if w.Stride != w.Kernel || w.Dilation != 1 || w.PadBefore != 0 || w.PadAfter != 0 || w.Ceil {
			return nil
		}
		size[i] = w.Kernel
		taps *= w.Kernel
	}
	if taps > 256 { // a place is one byte
		return nil
	}
	return size
}

// windowReads pads x with fill and gives, for each place in the window, what
// all windows have there: [batch, out..., channels].
func windowReads(x *graph.Node, windows []geometry.Window, out []int, fill float32) []*graph.Node {
	pads := make([][2]int, len(windows))
	taps := 1
	for i, w := range windows {
		in := x.Shape().Dimensions[i+1]
		pads[i] = [2]int{w.PadBefore, max(0, (out[i]-1)*w.Stride+w.Span()-in-w.PadBefore)}
		taps *= w.Kernel
	}
	x = lower.Surround(x, pads, fill)
	parts := make([]*graph.Node, taps)
	for t := range parts {
		spec := make([]graph.SliceAxisSpec, x.Rank())
		spec[0], spec[x.Rank()-1] = graph.AxisRange(), graph.AxisRange()
		for i, rest := len(windows)-1, t; i >= 0; i-- {
			w := windows[i]
			start := rest % w.Kernel * w.Dilation
			rest /= w.Kernel
			spec[i+1] = graph.AxisRange(start, start+(out[i]-1)*w.Stride+1).Stride(w.Stride)
		}
		parts[t] = graph.Slice(x, spec...)
	}
	return parts
}

// AvgPool takes the mean of each window. Stride 0 means Size. Padding counts
// as zeros unless ExcludePad (count_include_pad=False in PyTorch, ONNX's
// default); what a last window of Ceil has beyond the padding never counts.
//
// x: [batch, height, width, channels] → [batch, height', width', channels].
type AvgPool struct {
	Size       int
	Stride     int
	Padding    int
	Dilation   int
	Ceil       bool
	ExcludePad bool
	Axes       []Window // as in MaxPool
}

func (p AvgPool) slide() slide { return slide{p.Size, p.Stride, p.Padding, p.Dilation, false, p.Axes} }

// Name implements Layer.
func (p AvgPool) Name() string { return p.nameFor(0) }

func (p AvgPool) nameFor(axes int) string { return poolName("AvgPool", p.slide(), axes) }

// Check implements Layer.
func (p AvgPool) Check(in []int) (Info, error) {
	windows, info, err := poolWindows(p.slide(), p.Ceil, in)
	if err != nil {
		return info, err
	}
	for i, w := range windows {
		if !p.ExcludePad || w.Dilation == 1 || w.PadBefore+w.PadAfter == 0 {
			continue // every window has a pixel
		}
		for o := range info.Output[i] {
			if w.Counted(o, in[i], true) == 0 {
				return Info{}, fmt.Errorf("%s: window %d of %d reads padding only, which has no mean", geometry.AxisName(i, len(windows)), o, info.Output[i])
			}
		}
	}
	return info, nil
}

// Build implements Layer. The sum over a window is taken axis by axis.
func (p AvgPool) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	in := x.Shape().Dimensions[1:]
	windows, info, err := poolWindows(p.slide(), p.Ceil, in)
	if err != nil {
		panic(fmt.Errorf("cnnlib: %s: %w", nameOf(p, in), err))
	}
	for axis, w := range windows {
		one := slices.Repeat([]geometry.Window{{Kernel: 1, Stride: 1, Dilation: 1}}, len(windows))
		one[axis] = w
		out := append([]int{}, x.Shape().Dimensions[1:]...)
		out[axis] = info.Output[axis]
		var sum *graph.Node
		for _, part := range windowReads(x, one, out, 0) {
			if sum == nil {
				sum = part
			} else {
				sum = graph.Add(sum, part)
			}
		}
		counts := make([]float32, out[axis])
		for o := range counts {
			counts[o] = 1 / float32(w.Counted(o, in[axis], p.ExcludePad))
		}
		dims := make([]int, x.Rank())
		for i := range dims {
			dims[i] = 1
		}
		dims[axis+1] = len(counts)
		x = graph.Mul(sum, graph.Reshape(graph.ConvertDType(graph.Const(x.Graph(), counts), x.DType()), dims...))
	}
	return x
}

// GlobalAvgPool is the mean over all positions.
//
// x: [batch, spatial..., channels] → [batch, channels].
type GlobalAvgPool struct{}

// Name implements Layer.
func (GlobalAvgPool) Name() string { return "GlobalAvgPool" }

// Check implements Layer.
func (GlobalAvgPool) Check(in []int) (Info, error) {
	_, channels, err := images(in)
	return Info{Output: []int{channels}}, err
}

// Build implements Layer.
func (GlobalAvgPool) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	return graph.ReduceMean(x, spatialAxes(x)...)
}

// GlobalMaxPool is the largest value over all positions; the gradient goes to
// the first of equals. A NaN stays one.
//
// x: [batch, spatial..., channels] → [batch, channels].
type GlobalMaxPool struct{}

// Name implements Layer.
func (GlobalMaxPool) Name() string { return "GlobalMaxPool" }

// Check implements Layer.
func (GlobalMaxPool) Check(in []int) (Info, error) { return GlobalAvgPool{}.Check(in) }

// Build implements Layer.
func (GlobalMaxPool) Build(_ *model.Scope, x *graph.Node) *graph.Node { return lower.GlobalMax(x) }

func spatialAxes(x *graph.Node) []int {
	var axes []int
	for i := 1; i < x.Rank()-1; i++ {
		axes = append(axes, i)
	}
	return axes
}
