package cnnlib

import (
	"fmt"
	"slices"
	"strings"

	"convlab/internal/geometry"
)

// Window says how a kernel slides along one spatial axis, in pixels of that
// axis. In Axes of a layer a zero Stride or Dilation means 1.
type Window struct {
	Kernel, Stride, Dilation int
	PadBefore, PadAfter      int // zeros, or what a pooling layer takes for them
}

// Sliding is what a layer tells of its window along one spatial axis (see
// Info). Stride and Dilation are at least 1.
type Sliding struct {
	Window
	Ceil          bool // the last window may stick out at the end (PyTorch's ceil_mode)
	Transposed    bool // inputs stamp on outputs, Stride apart, instead of outputs reading inputs
	OutputPadding int  // if Transposed: output pixels added at the end
}

// Span is how many pixels the window covers, its gaps included: k + (k−1)(d−1)
// (lesson 1.5).
func (w Window) Span() int { return w.Dilation*(w.Kernel-1) + 1 }

func (w Window) padded() bool { return w.PadBefore != 0 || w.PadAfter != 0 }

func (w Window) geometry() geometry.Window {
	return geometry.Window{Kernel: w.Kernel, Stride: w.Stride, Dilation: w.Dilation, PadBefore: w.PadBefore, PadAfter: w.PadAfter}
}

func (s Sliding) geometry() geometry.Window {
	w := s.Window.geometry()
	w.Ceil, w.Transposed, w.OutputPadding = s.Ceil, s.Transposed, s.OutputPadding
	return w
}

// slidings tells checked windows to the outside.
func slidings(windows []geometry.Window) []Sliding {
	all := make([]Sliding, len(windows))
	for i, w := range windows {
		all[i] = Sliding{Window{w.Kernel, w.Stride, w.Dilation, w.PadBefore, w.PadAfter}, w.Ceil, w.Transposed, w.OutputPadding}
	}
	return all
}

// pixelwise is the window of a layer that mixes channels, but no positions.
func pixelwise(in []int) []Sliding {
	return slices.Repeat([]Sliding{{Window: Window{Kernel: 1, Stride: 1, Dilation: 1}}}, len(in)-1)
}

// slide is what the fields Kernel, Stride, Padding, Dilation, Same and Axes of
// a layer say.
type slide struct {
	kernel, stride, padding, dilation int
	same                              bool
	axes                              []Window
}

// windows gives the window of each spatial axis.
func (s slide) windows(spatial []int) ([]geometry.Window, error) {
	axes := s.axes
	if axes == nil {
		one := Window{Kernel: s.kernel, Stride: s.stride, Dilation: s.dilation, PadBefore: s.padding, PadAfter: s.padding}
		axes = slices.Repeat([]Window{one}, len(spatial))
	} else {
		switch {
		case len(axes) != len(spatial):
			return nil, fmt.Errorf("there are windows in Axes for %d spatial axes, the input has %d", len(axes), len(spatial))
		case s.kernel != 0 || s.stride != 0 || s.padding != 0 || s.dilation != 0:
			return nil, fmt.Errorf("set either Axes or the sizes for all axes, not both")
		}
	}
	windows := make([]geometry.Window, len(axes))
	for i, axis := range axes {
		w := axis.geometry()
		w.Stride, w.Dilation = orOne(w.Stride), orOne(w.Dilation)
		if s.same {
			if axis.padded() {
				return nil, fmt.Errorf("set either Same or a padding, not both")
			}
			w = w.Same(spatial[i])
		}
		windows[i] = w
	}
	return windows, nil
}

// onKernel is the windows of s for a kernel of these sizes.
func (s slide) onKernel(sizes []int) []Window {
	axes := slices.Clone(s.axes)
	for i, k := range sizes {
		if s.axes == nil {
			axes = append(axes, Window{Stride: s.stride, Dilation: s.dilation, PadBefore: s.padding, PadAfter: s.padding})
		}
		if i < len(axes) {
			axes[i].Kernel = k
		}
	}
	return axes
}

// size writes the kernel as "3x3"; axes is the number of spatial axes, 0 or
// less if they are not known.
func (s slide) size(axes int) string {
	if s.axes == nil {
		if axes <= 0 {
			axes = 2
		}
		return strings.TrimSuffix(strings.Repeat(fmt.Sprintf("%dx", s.kernel), axes), "x")
	}
	sizes := make([]string, len(s.axes))
	for i, w := range s.axes {
		sizes[i] = fmt.Sprint(w.Kernel)
	}
	return strings.Join(sizes, "x")
}

// named is a layer whose name depends on the number of spatial axes.
type named interface{ nameFor(axes int) string }

// nameOf is the layer's name on an input of shape in.
func nameOf(l Layer, in []int) string {
	if n, ok := l.(named); ok {
		return n.nameFor(len(in) - 1)
	}
	if l == nil {
		return "nil"
	}
	return l.Name()
}
