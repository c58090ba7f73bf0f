package cnnlib

import (
	"fmt"
	"slices"
	"strings"

	"convlab/internal/geometry"
)

// Window says how a kernel slides along one spatial axis: Kernel, Stride,
// Dilation, PadBefore, PadAfter. In Axes of a layer a zero Stride or Dilation
// means 1.
type Window = geometry.Window

// Field is what one unit sees of the network's input along one axis.
type Field = geometry.Field

// slide is what the fields Kernel, Stride, Padding, Dilation, Same and Axes of
// a layer say.
type slide struct {
	kernel, stride, padding, dilation int
	same                              bool
	axes                              []Window
}

// windows gives the window of each spatial axis.
func (s slide) windows(spatial []int) ([]Window, error) {
	if s.axes == nil {
		one := Window{Kernel: s.kernel, Stride: s.stride, Dilation: s.dilation, PadBefore: s.padding, PadAfter: s.padding}
		s.axes = slices.Repeat([]Window{one}, len(spatial))
	} else {
		switch {
		case len(s.axes) != len(spatial):
			return nil, fmt.Errorf("there are windows in Axes for %d spatial axes, the input has %d", len(s.axes), len(spatial))
		case s.kernel != 0 || s.stride != 0 || s.padding != 0 || s.dilation != 0:
			return nil, fmt.Errorf("set either Axes or the sizes for all axes, not both")
		}
		s.axes = slices.Clone(s.axes)
	}
	for i := range s.axes {
		w := &s.axes[i]
		if w.Stride == 0 {
			w.Stride = 1
		}
		if w.Dilation == 0 {
			w.Dilation = 1
		}
		if !s.same {
			continue
		}
		if w.PadBefore != 0 || w.PadAfter != 0 {
			return nil, fmt.Errorf("set either Same or a padding, not both")
		}
		*w = w.Same(spatial[i])
	}
	return s.axes, nil
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
	return l.Name()
}
