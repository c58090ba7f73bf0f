package cnnlib

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// PReLU is x where x > 0, else x times a trained slope, which is 0.25 at first
// (He et al. 2015).
//
// x: [batch, ..., channels] → the same shape; weight: [1], or [channels] with
// PerChannel.
type PReLU struct {
	PerChannel bool // a slope for each channel, not one for all
}

// Name implements Layer.
func (p PReLU) Name() string {
	if p.PerChannel {
		return "PReLU per channel"
	}
	return "PReLU"
}

// Check implements Layer.
func (p PReLU) Check(in []int) (Info, error) {
	if len(in) < 1 {
		return Info{}, fmt.Errorf("needs an input with channels, got shape %v", in)
	}
	return Info{Output: in, Pointwise: true, Weights: []Weight{{Name: "weight", Shape: []int{p.slopes(in)}, Start: 0.25}}}, nil
}

func (p PReLU) slopes(in []int) int {
	if p.PerChannel {
		return in[len(in)-1]
	}
	return 1
}

// Build implements Layer.
func (p PReLU) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	slope := variable(scope, x.Graph(), "weight", p.slopes(x.Shape().Dimensions))
	low := graph.Mul(x, graph.ExpandLeftToRank(slope, x.Rank()))
	return graph.Where(graph.GreaterThan(x, graph.ZerosLike(x)), x, low)
}

// ONNX implements ONNXFormer.
func (p PReLU) ONNX(g ONNXGraph, x string, in []int, weights []string) (string, error) {
	slope := weights[0]
	if p.PerChannel {
		slope = alongChannels(g, slope, in)
	}
	return g.Node("PRelu", []string{x, slope}), nil
}
