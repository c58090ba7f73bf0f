package cnnlib

import (
	"fmt"

	"convlab/cnnlib/internal/lower"
	"convlab/internal/geometry"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Flatten makes one row of features of each image, in PyTorch's order
// (channel, then the spatial axes), so that the weights of the dense layer
// after it mean the same there and here.
//
// x: [batch, height, width, channels] → [batch, channels·height·width].
type Flatten struct{}

// Name implements Layer.
func (Flatten) Name() string { return "Flatten" }

// Check implements Layer.
func (Flatten) Check(in []int) (Info, error) {
	if _, _, err := images(in); err != nil {
		return Info{}, err
	}
	return Info{Output: []int{geometry.Volume(in)}}, nil
}

// Build implements Layer.
func (Flatten) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	order := []int{0, x.Rank() - 1}
	for i := 1; i < x.Rank()-1; i++ {
		order = append(order, i)
	}
	return graph.Reshape(graph.TransposeAllAxes(x, order...), x.Shape().Dimensions[0], -1)
}

// ONNX implements ONNXFormer.
func (Flatten) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("Flatten", []string{x}, ONNXAttribute{"axis", 1}), nil
}

// Dense connects every input feature with every output: x·weight + bias.
//
// x: [batch, features] → [batch, Out]; weight: [features, Out].
type Dense struct {
	Out    int
	NoBias bool
}

// Name implements Layer.
func (d Dense) Name() string { return fmt.Sprintf("Dense %d", d.Out) }

// Check implements Layer.
func (d Dense) Check(in []int) (Info, error) {
	if len(in) != 1 {
		return Info{}, fmt.Errorf("needs [features], got shape %v: put a Flatten before it", in)
	}
	if d.Out < 1 {
		return Info{}, fmt.Errorf("needs at least 1 output, got %d", d.Out)
	}
	return Info{
		Output:  []int{d.Out},
		Weights: weightsAndBias(d.NoBias, in[0], d.Out, in[0], d.Out),
		MACs:    int64(in[0]) * int64(d.Out),
	}, nil
}

// Build implements Layer.
func (d Dense) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	in := x.Shape().Dimensions[1]
	y := lower.Product(x, variable(scope, x.Graph(), "weight", in, d.Out))
	if !d.NoBias {
		y = graph.Add(y, graph.ExpandLeftToRank(variable(scope, x.Graph(), "bias", d.Out), 2))
	}
	return y
}

// ONNX implements ONNXFormer.
func (d Dense) ONNX(g ONNXGraph, x string, _ []int, weights []string) (string, error) {
	return g.Node("Gemm", append([]string{x}, weights...), ONNXAttribute{"transB", 1}), nil
}
