package weights

import (
	"math"
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
	"convlab/internal/geometry"
)

// windows reads how a node's window slides along each axis of x; kernel is that
// of the weights, nil for pooling.
func (im *importer) windows(n onnx.Node, x *value, kernel []int, transposed bool) ([]geometry.Window, error) {
	if len(x.shape) < 2 {
		return nil, im.wrong(n, "it needs images, and takes shape %v", x.shape)
	}
	ceil := intOf(n, "ceil_mode", 0)
	if ceil != 0 && ceil != 1 {
		return nil, im.wrong(n, "ceil_mode is %d, 0 or 1 is needed", ceil)
	}
	a := geometry.Attributes{CeilMode: ceil == 1}
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
		return nil, im.wrong(n, "kernel_shape %v, the weights have %v", a.KernelShape, sizes)
	}
	windows, err := a.Windows(x.shape[1:], transposed)
	if err != nil {
		return nil, im.wrong(n, "%v", err)
	}
	return windows, nil
}

// alike gives the window if all axes have the same, padded the same on both
// sides: then it is written without Axes.
func alike(windows []geometry.Window) (geometry.Window, bool) {
	w := windows[0]
	for _, other := range windows {
		if other != w || w.PadBefore != w.PadAfter {
			return geometry.Window{}, false
		}
	}
	return w, true
}

// axes is the windows as the field Axes of a layer has them.
func axes(windows []geometry.Window) []cnnlib.Window {
	all := make([]cnnlib.Window, len(windows))
	for i, w := range windows {
		all[i] = cnnlib.Window{Kernel: w.Kernel, Stride: w.Stride, Dilation: w.Dilation, PadBefore: w.PadBefore, PadAfter: w.PadAfter}
	}
	return all
}

// unless is v, or 0 if v is what 0 means.
func unless(v, zero int) int {
	if v == zero {
		return 0
	}
	return v
}

// kernel reads what a convolution works on and its weights, [a, b, spatial...].
func (im *importer) kernel(n onnx.Node) (x *value, all []Tensor, sizes []int, err error) {
	if x, err = im.operand(n, 0); err != nil {
		return nil, nil, nil, err
	}
	w, err := im.weight(n, 1)
	if err != nil {
		return nil, nil, nil, err
	}
	if len(x.shape) < 2 || len(w.Shape) != len(x.shape)+1 {
		return nil, nil, nil, im.wrong(n, "weights of shape %v on an input of shape %v", w.Shape, x.shape)
	}
	all = []Tensor{w}
	if given(n, 2) {
		b, err := im.weight(n, 2)
		if err != nil {
			return nil, nil, nil, err
		}
		all = append(all, b)
	}
	return x, all, w.Shape[2:], nil
}

// groups is the attribute group.
func (im *importer) groups(n onnx.Node) (int, error) {
	g := intOf(n, "group", 1)
	if g < 1 || g > math.MaxInt32 {
		return 0, im.wrong(n, "group is %d", g)
	}
	return int(g), nil
}

func (im *importer) conv(n onnx.Node) error {
	x, all, sizes, err := im.kernel(n)
	if err != nil {
		return err
	}
	windows, err := im.windows(n, x, sizes, false)
	if err != nil {
		return err
	}
	groups, err := im.groups(n)
	if err != nil {
		return err
	}
	c := cnnlib.Conv{Out: all[0].Shape[0], Groups: unless(groups, 1), NoBias: len(all) == 1, Axes: axes(windows)}
	if w, ok := alike(windows); ok {
		c.Axes, c.Kernel, c.Stride, c.Padding, c.Dilation = nil, w.Kernel, unless(w.Stride, 1), w.PadBefore, unless(w.Dilation, 1)
	}
	return im.after(n, x, nil).layer(c, all...).end()
}

func (im *importer) transposed(n onnx.Node) error {
	x, all, sizes, err := im.kernel(n)
	if err != nil {
		return err
	}
	windows, err := im.windows(n, x, sizes, true)
	if err != nil {
		return err
	}
	groups, err := im.groups(n)
	if err != nil {
		return err
	}
	if all[0].Shape[1] > math.MaxInt32/groups {
		return im.wrong(n, "%d groups of %d channels", groups, all[0].Shape[1])
	}
	c := cnnlib.TransposedConv{Out: all[0].Shape[1] * groups, Groups: unless(groups, 1), NoBias: len(all) == 1, Axes: axes(windows)}
	if w, ok := alike(windows); ok {
		c.Axes, c.Kernel, c.Stride, c.Padding, c.Dilation, c.OutputPadding = nil, w.Kernel, unless(w.Stride, 1), w.PadBefore, unless(w.Dilation, 1), w.OutputPadding
	} else {
		for _, w := range windows {
			c.OutputPaddings = append(c.OutputPaddings, w.OutputPadding)
		}
	}
	return im.after(n, x, nil).layer(c, all...).end()
}

// poolWindows is the windows of a pool, within limits: cnnlib looks at each
// pixel of a window for itself.
func (im *importer) poolWindows(n onnx.Node) (*value, []geometry.Window, error) {
	x, err := im.operand(n, 0)
	if err != nil {
		return nil, nil, err
	}
	windows, err := im.windows(n, x, nil, false)
	if err != nil {
		return nil, nil, err
	}
	room := maxWindow
	for i, w := range windows {
		if room /= w.Kernel; room < 1 {
			return nil, nil, im.wrong(n, "windows of more than %d pixels", maxWindow)
		}
		positions, err := w.OutputSize(x.shape[1+i])
		if err != nil {
			return nil, nil, im.wrong(n, "%v", err)
		}
		if positions > im.taps/w.Kernel {
			return nil, nil, im.wrong(n, "all windows of all pools read more than %d pixels", maxTaps)
		}
		im.taps -= positions * w.Kernel
	}
	return x, windows, nil
}

func (im *importer) maxPool(n onnx.Node) error {
	x, windows, err := im.poolWindows(n)
	if err != nil {
		return err
	}
	p := cnnlib.MaxPool{Axes: axes(windows), Ceil: windows[0].Ceil}
	if w, ok := alike(windows); ok {
		p.Axes, p.Size, p.Stride, p.Padding, p.Dilation = nil, w.Kernel, unless(w.Stride, w.Kernel), w.PadBefore, unless(w.Dilation, 1)
	}
	return im.after(n, x, nil).layer(p).end()
}

func (im *importer) avgPool(n onnx.Node) error {
	x, windows, err := im.poolWindows(n)
	if err != nil {
		return err
	}
	padded := slices.ContainsFunc(windows, func(w geometry.Window) bool { return w.PadBefore+w.PadAfter > 0 })
	p := cnnlib.AvgPool{Axes: axes(windows), Ceil: windows[0].Ceil, ExcludePad: padded && intOf(n, "count_include_pad", 0) == 0}
	if w, ok := alike(windows); ok {
		p.Axes, p.Size, p.Stride, p.Padding, p.Dilation = nil, w.Kernel, unless(w.Stride, w.Kernel), w.PadBefore, unless(w.Dilation, 1)
	}
	return im.after(n, x, nil).layer(p).end()
}
