package cnnlib

import "slices"

// convolutionNode adds any layer that is one convolution to g.
func convolutionNode(g ONNXGraph, c convolution, x string, in []int, weights []string) (string, error) {
	a, info, err := c.arithmetic(in)
	if err != nil {
		return "", err
	}
	op, attributes := "Conv", append(windowAttributes(info.Window), ONNXAttribute{"group", a.Groups})
	if a.Windows[0].Transposed {
		op = "ConvTranspose"
		var added []int
		for _, w := range info.Window {
			added = append(added, w.OutputPadding)
		}
		attributes = append(attributes, ONNXAttribute{"output_padding", added})
	}
	return g.Node(op, append([]string{x}, weights...), attributes...), nil
}

// windowAttributes is how windows slide, as ONNX's operators have it.
func windowAttributes(windows []Sliding) []ONNXAttribute {
	var kernel, strides, dilations, before, after []int
	for _, w := range windows {
		kernel, strides, dilations = append(kernel, w.Kernel), append(strides, w.Stride), append(dilations, w.Dilation)
		before, after = append(before, w.PadBefore), append(after, w.PadAfter)
	}
	return []ONNXAttribute{{"kernel_shape", kernel}, {"strides", strides}, {"dilations", dilations}, {"pads", append(before, after...)}}
}

// ONNX implements ONNXFormer.
func (p MaxPool) ONNX(g ONNXGraph, x string, in []int, _ []string) (string, error) {
	info, err := p.Check(in)
	if err != nil {
		return "", err
	}
	windows, ceil := poolForm(in, info)
	return g.Node("MaxPool", []string{x}, append(windowAttributes(windows), ceil)...), nil
}

// ONNX implements ONNXFormer. What a window has beyond the padding never
// counts; the padding, if it does, has to become part of the image where ONNX
// would take the one for the other.
func (p AvgPool) ONNX(g ONNXGraph, x string, in []int, _ []string) (string, error) {
	info, err := p.Check(in)
	if err != nil {
		return "", err
	}
	windows, ceil := poolForm(in, info)
	padCounts := 1
	switch {
	case p.ExcludePad:
		padCounts = 0
	case !slices.Equal(windows, info.Window):
		padCounts = 0
		before, after := []int{0, 0}, []int{0, 0}
		for i, w := range info.Window {
			before, after = append(before, w.PadBefore), append(after, w.PadAfter)
			windows[i].PadBefore, windows[i].PadAfter = 0, windows[i].PadAfter-w.PadAfter
		}
		x = g.Node("Pad", []string{x, g.Ints(append(before, after...)...)})
	}
	return g.Node("AveragePool", []string{x}, append(windowAttributes(windows), ceil, ONNXAttribute{"count_include_pad", padCounts})...), nil
}

// poolForm is the windows of a pool as ONNX has them, with its ceil_mode. A
// pool with Ceil need not round up: PyTorch drops a last window that would
// start in the padding, which ONNX counts in the output's size until version
// 22 of its operators. Then the windows are padded as far as they reach.
func poolForm(in []int, info Info) ([]Sliding, ONNXAttribute) {
	windows, up := slices.Clone(info.Window), true
	for i, w := range windows {
		room := in[i] + w.PadBefore + w.PadAfter - w.Span()
		up = up && w.Ceil && info.Output[i] == (room+w.Stride-1)/w.Stride+1
		windows[i].PadAfter = max(w.PadAfter, (info.Output[i]-1)*w.Stride+w.Span()-in[i]-w.PadBefore)
	}
	if up {
		return info.Window, ONNXAttribute{"ceil_mode", 1}
	}
	return windows, ONNXAttribute{"ceil_mode", 0}
}

// ONNX implements ONNXFormer.
func (GlobalAvgPool) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("Flatten", []string{g.Node("GlobalAveragePool", []string{x})}, ONNXAttribute{"axis", 1}), nil
}

// ONNX implements ONNXFormer.
func (GlobalMaxPool) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("Flatten", []string{g.Node("GlobalMaxPool", []string{x})}, ONNXAttribute{"axis", 1}), nil
}
