package cnnlib

import (
	"fmt"

	"convlab/internal/geometry"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// DepthwiseConv gives every input channel kernels of its own: Multiplier (0
// means 1) output channels from each, none of them mixed. It is a Conv with as
// many groups as channels. Lesson 1.6.2.
//
// x: [batch, height, width, in] → [batch, height', width', in·Multiplier];
// weight: [Kernel, Kernel, 1, in·Multiplier], channel c's kernels at
// c·Multiplier and on.
type DepthwiseConv struct {
	Multiplier int
	Kernel     int
	Stride     int
	Padding    int
	Dilation   int
	Same       bool
	Axes       []Window // if set, a window per spatial axis in place of Kernel, Stride, Padding and Dilation
	NoBias     bool
	Plan       Plan
}

// conv is the layer as a grouped convolution of this many channels.
func (c DepthwiseConv) conv(channels int) Conv {
	return Conv{Out: channels * orOne(c.Multiplier), Kernel: c.Kernel, Stride: c.Stride, Padding: c.Padding, Dilation: c.Dilation,
		Groups: channels, Same: c.Same, Axes: c.Axes, NoBias: c.NoBias, Plan: c.Plan}
}

// Name implements Layer.
func (c DepthwiseConv) Name() string { return c.nameFor(0) }

func (c DepthwiseConv) nameFor(axes int) string {
	name := "DepthwiseConv " + c.conv(1).slide().size(axes)
	if c.Stride > 1 {
		name += fmt.Sprintf(" s%d", c.Stride)
	}
	return name
}

func (c DepthwiseConv) arithmetic(in []int) (geometry.Conv, Info, error) {
	if _, _, err := images(in); err != nil {
		return geometry.Conv{}, Info{}, err
	}
	if c.Multiplier < 0 {
		return geometry.Conv{}, Info{}, fmt.Errorf("multiplier must be at least 1, got %d", c.Multiplier)
	}
	return c.conv(in[len(in)-1]).arithmetic(in)
}

// Check implements Layer.
func (c DepthwiseConv) Check(in []int) (Info, error) {
	_, info, err := c.arithmetic(in)
	return info, err
}

// Build implements Layer.
func (c DepthwiseConv) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	mustArithmetic(c, x)
	return c.conv(x.Shape().Dimensions[x.Rank()-1]).Build(scope, x)
}

// ONNX implements ONNXFormer.
func (c DepthwiseConv) ONNX(g ONNXGraph, x string, in []int, weights []string) (string, error) {
	return convolutionNode(g, c, x, in, weights)
}
