package weights

import (
	"math"
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// windows reads how a node's window slides along each axis; kernel is that of
// the weights, nil for pooling.
func (im *importer) windows(n onnx.Node, kernel []int) ([]cnnlib.Window, error) {
	axes := len(im.shape) - 1
	if axes < 1 || im.pooled {
		return nil, im.bad(im.at(n), "it needs images, and takes shape %v", im.shape)
	}
	list := func(name string, want int, otherwise int64) ([]int, error) {
		values := slices.Repeat([]int{int(otherwise)}, want)
		a := attr(n, name)
		if a == nil {
			return values, nil
		}
		if len(a.Ints) != want {
			return nil, im.bad(im.at(n), "%s has %d numbers, should have %d", name, len(a.Ints), want)
		}
		for i, v := range a.Ints {
			if v < math.MinInt32 || v > math.MaxInt32 {
				return nil, im.bad(im.at(n), "%s has %d", name, v)
			}
			values[i] = int(v)
		}
		return values, nil
	}
	var err error
	var sizes, strides, dilations, pads []int
	for _, l := range []struct {
		to        *[]int
		name      string
		want      int
		otherwise int64
	}{{&sizes, "kernel_shape", axes, 0}, {&strides, "strides", axes, 1}, {&dilations, "dilations", axes, 1}, {&pads, "pads", 2 * axes, 0}} {
		if *l.to, err = list(l.name, l.want, l.otherwise); err != nil {
			return nil, err
		}
	}
	if kernel != nil && attr(n, "kernel_shape") == nil {
		sizes = kernel
	} else if kernel != nil && !slices.Equal(sizes, kernel) {
		return nil, im.bad(im.at(n), "kernel_shape %v, the weights have %v", sizes, kernel)
	}
	auto := "NOTSET"
	if a := attr(n, "auto_pad"); a != nil && a.String != "" {
		auto = a.String
	}
	windows := make([]cnnlib.Window, axes)
	for i := range windows {
		w := cnnlib.Window{Kernel: sizes[i], Stride: strides[i], Dilation: dilations[i]}
		switch auto {
		case "NOTSET":
			w.PadBefore, w.PadAfter = pads[i], pads[axes+i]
		case "VALID":
		case "SAME_UPPER":
			w = w.Same(im.shape[i])
		case "SAME_LOWER":
			w = w.Same(im.shape[i])
			w.PadBefore, w.PadAfter = w.PadAfter, w.PadBefore
		default:
			return nil, im.bad(im.at(n), "auto_pad %.40q is unknown", auto)
		}
		if err := w.Check(); err != nil { // before a layer takes a stride of 0 for the default
			return nil, im.bad(im.at(n), "%v", err)
		}
		windows[i] = w
	}
	return windows, nil
}

// alike gives the window if all axes have the same, padded the same on both
// sides: then it is written without Axes.
func alike(windows []cnnlib.Window) (cnnlib.Window, bool) {
	w := windows[0]
	for _, other := range windows {
		if other != w || w.PadBefore != w.PadAfter {
			return cnnlib.Window{}, false
		}
	}
	return w, true
}

// unless is v, or 0 if v is what 0 means.
func unless(v, zero int) int {
	if v == zero {
		return 0
	}
	return v
}
