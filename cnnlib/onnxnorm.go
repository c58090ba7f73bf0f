package cnnlib

import (
	"cmp"
	"slices"
)

// ONNX implements ONNXFormer. Version 20 has no group normalisation with a
// weight per channel: groups are normalised as if each were a channel.
func (n GroupNorm) ONNX(g ONNXGraph, x string, in []int, weights []string) (string, error) {
	channels := in[len(in)-1]
	whole := g.Ints(append([]int{0, channels}, in[:len(in)-1]...)...)
	x = g.Node("Reshape", []string{x, g.Ints(0, n.Groups, -1)})
	x = g.Node("InstanceNormalization", append([]string{x}, unscaled(g, n.Groups)...), ONNXAttribute{"epsilon", cmp.Or(n.Epsilon, normEpsilon)})
	x = g.Node("Reshape", []string{x, whole})
	for i, w := range weights {
		x = g.Node([]string{"Mul", "Add"}[i], []string{x, alongChannels(g, w, in)})
	}
	return x, nil
}

// ONNX implements ONNXFormer.
func (n InstanceNorm) ONNX(g ONNXGraph, x string, in []int, weights []string) (string, error) {
	if !n.Affine {
		weights = unscaled(g, in[len(in)-1])
	}
	return g.Node("InstanceNormalization", append([]string{x}, weights...), ONNXAttribute{"epsilon", cmp.Or(n.Epsilon, normEpsilon)}), nil
}

// unscaled is a scale of 1 and a shift of 0 for each of n channels.
func unscaled(g ONNXGraph, n int) []string {
	return []string{g.Floats(slices.Repeat([]float32{1}, n), n), g.Floats(make([]float32, n), n)}
}

// alongChannels gives a weight [channels] the axes that it needs to meet the
// channels of a value: [channels, 1...].
func alongChannels(g ONNXGraph, w string, in []int) string {
	var spatial []int
	for i := range len(in) - 1 {
		spatial = append(spatial, 1+i)
	}
	if spatial == nil {
		return w
	}
	return g.Node("Unsqueeze", []string{w, g.Ints(spatial...)})
}

// ONNX implements ONNXFormer. The operator normalises the last axes.
func (n LayerNorm) ONNX(g ONNXGraph, x string, in []int, weights []string) (string, error) {
	there, back := []int{0}, []int{0, len(in)}
	for i := range len(in) - 1 {
		there, back = append(there, 2+i), append(back, 1+i)
	}
	there = append(there, 1)
	if len(in) > 1 {
		x = g.Node("Transpose", []string{x}, ONNXAttribute{"perm", there})
	}
	x = g.Node("LayerNormalization", append([]string{x}, weights...), ONNXAttribute{"axis", -1}, ONNXAttribute{"epsilon", cmp.Or(n.Epsilon, normEpsilon)})
	if len(in) > 1 {
		x = g.Node("Transpose", []string{x}, ONNXAttribute{"perm", back})
	}
	return x, nil
}

// ONNX implements ONNXFormer. The operator LRN has the extra channel of an
// even size on the other side, and onnxruntime takes odd sizes of pictures
// only: what is not that is written out.
func (n LocalResponseNorm) ONNX(g ONNXGraph, x string, in []int, _ []string) (string, error) {
	alpha, beta, k := n.constants()
	if n.Size%2 == 1 && len(in) == 3 {
		return g.Node("LRN", []string{x}, ONNXAttribute{"size", n.Size}, ONNXAttribute{"alpha", alpha}, ONNXAttribute{"beta", beta}, ONNXAttribute{"bias", k}), nil
	}
	channels := in[len(in)-1]
	mean := g.Node("Reshape", []string{g.Node("Mul", []string{x, x}), g.Ints(0, 1, channels, -1)})
	mean = g.Node("AveragePool", []string{mean}, ONNXAttribute{"kernel_shape", []int{n.Size, 1}},
		ONNXAttribute{"pads", []int{n.Size / 2, 0, (n.Size - 1) / 2, 0}}, ONNXAttribute{"count_include_pad", 1})
	scalar := func(v float64) string { return g.Floats([]float32{float32(v)}) }
	base := g.Node("Add", []string{g.Node("Mul", []string{mean, scalar(alpha)}), scalar(k)})
	base = g.Node("Reshape", []string{base, g.Ints(append([]int{0, channels}, in[:len(in)-1]...)...)})
	return g.Node("Div", []string{x, g.Node("Pow", []string{base, scalar(beta)})}), nil
}

// ONNX implements ONNXFormer.
func (SoftmaxLayer) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("Softmax", []string{x}, ONNXAttribute{"axis", 1}), nil
}

// ONNX implements ONNXFormer.
func (LogSoftmaxLayer) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("LogSoftmax", []string{x}, ONNXAttribute{"axis", 1}), nil
}
