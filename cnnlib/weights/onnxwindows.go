package weights

import (
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
	"convlab/internal/geometry"
)

// windows reads how a node's window slides along each axis; kernel is that of
// the weights, nil for pooling.
func (im *importer) windows(n onnx.Node, kernel []int, transposed bool) ([]cnnlib.Window, error) {
	if len(im.shape) < 2 || im.pooled {
		return nil, im.bad(im.at(n), "it needs images, and takes shape %v", im.shape)
	}
	a := geometry.Attributes{CeilMode: intOf(n, "ceil_mode", 0) != 0}
	for _, l := range []struct {
		name string
		to   *[]int64
	}{{"kernel_shape", &a.KernelShape}, {"strides", &a.Strides}, {"dilations", &a.Dilations}, {"pads", &a.Pads},
		{"output_padding", &a.OutputPadding}, {"output_shape", &a.OutputShape}} {
		if found := attr(n, l.name); found != nil {
			*l.to = found.Ints
		}
	}
	if found := attr(n, "auto_pad"); found != nil {
		a.AutoPad = found.String
	}
	var sizes []int64
	for _, k := range kernel {
		sizes = append(sizes, int64(k))
	}
	if a.KernelShape == nil {
		a.KernelShape = sizes
	} else if kernel != nil && !slices.Equal(sizes, a.KernelShape) {
		return nil, im.bad(im.at(n), "kernel_shape %v, the weights have %v", a.KernelShape, sizes)
	}
	windows, err := a.Windows(im.shape[:len(im.shape)-1], transposed)
	if err != nil {
		return nil, im.bad(im.at(n), "%v", err)
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
