package cnnlib

import (
	"fmt"

	"convlab/cnnlib/internal/lower"
	"convlab/internal/geometry"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// TransposedConv is the transpose of a convolution: each input pixel stamps
// the kernel on the output, Stride apart, and overlaps add up. It enlarges
// maps; it does not invert a convolution. Zero Stride, Dilation and Groups
// mean 1. Lesson 1.4 (Zeiler et al. 2010; Dumoulin and Visin 2016).
//
// x: [batch, height, width, in] → [batch, height', width', Out] with height' =
// (height−1)·Stride − 2·Padding + Dilation·(Kernel−1) + OutputPadding + 1.
// weight: [Kernel, Kernel, Out/Groups, in], the kernel of the convolution from
// Out to in channels that this is the transpose of.
type TransposedConv struct {
	Out           int
	Kernel        int
	Stride        int
	Padding       int // pixels taken off each side of what was stamped
	OutputPadding int // pixels added at the end: which of the sizes that a stride maps to one
	Dilation      int
	Groups        int
	Axes          []Window // if set, a window per spatial axis in place of Kernel, Stride, Padding and Dilation
	// OutputPaddings are the pixels added at the end of each spatial axis, in
	// place of OutputPadding.
	OutputPaddings []int
	NoBias         bool
	Plan           Plan
}

func (c TransposedConv) slide() slide {
	return slide{c.Kernel, c.Stride, c.Padding, c.Dilation, false, c.Axes}
}

// Name implements Layer.
func (c TransposedConv) Name() string { return c.nameFor(0) }

func (c TransposedConv) nameFor(axes int) string {
	name := fmt.Sprintf("TransposedConv %d@%s", c.Out, c.slide().size(axes))
	if c.Stride > 1 {
		name += fmt.Sprintf(" s%d", c.Stride)
	}
	return name
}

func (c TransposedConv) arithmetic(in []int) (geometry.Conv, Info, error) {
	a, err := c.slide().over(in, c.Out, c.Groups)
	if err != nil {
		return geometry.Conv{}, Info{}, err
	}
	spatial, windows := in[:len(in)-1], a.Windows
	if c.OutputPaddings != nil && (len(c.OutputPaddings) != len(spatial) || c.OutputPadding != 0) {
		return geometry.Conv{}, Info{}, fmt.Errorf("set either OutputPadding or OutputPaddings for each of the %d spatial axes, got %d and %v", len(spatial), c.OutputPadding, c.OutputPaddings)
	}
	for i := range windows {
		windows[i].Transposed, windows[i].OutputPadding = true, c.OutputPadding
		if c.OutputPaddings != nil {
			windows[i].OutputPadding = c.OutputPaddings[i]
		}
	}
	info, err := convInfo(a, spatial, c.NoBias, c.Plan)
	return a, info, err
}

// Check implements Layer.
func (c TransposedConv) Check(in []int) (Info, error) {
	_, info, err := c.arithmetic(in)
	return info, err
}

// Build implements Layer.
func (c TransposedConv) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	_, info := mustArithmetic(c, x)
	y := ConvolveTransposed(x, variable(scope, x.Graph(), "weight", info.Weights[0].Shape...), c)
	return addBias(scope, y, c.NoBias)
}

// ONNX implements ONNXFormer.
func (c TransposedConv) ONNX(g ONNXGraph, x string, in []int, weights []string) (string, error) {
	return convolutionNode(g, c, x, in, weights)
}

// ConvolveTransposed is the plain operation on nodes: the transpose of
// Convolve with the same kernel and sizes. Out, Kernel and NoBias of c are not
// looked at. It panics, as graph building does, when the shapes do not fit.
//
// x: [batch, spatial..., in]; kernel: [spatial..., out/Groups, in] → [batch,
// spatial'..., out].
func ConvolveTransposed(x, kernel *graph.Node, c TransposedConv) *graph.Node {
	dims := kernelDims(x, kernel)
	axes := len(dims) - 2
	c = TransposedConv{Out: dims[axes] * orOne(c.Groups), Groups: c.Groups, Axes: c.slide().onKernel(dims[:axes]),
		OutputPadding: c.OutputPadding, OutputPaddings: c.OutputPaddings, Plan: c.Plan}
	a, info := mustArithmetic(c, x)
	mustShape(c, x, kernel, info)
	return lower.Transposed(x, kernel, lowerConv(a), info.Output[:axes], c.Plan)
}
