package cnnlib

import (
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Activations made of straight lines that end: cheap on small devices, and
// what MobileNets use. Values and gradients, at the corners too, are PyTorch's.

// ReLU6 is min(max(x, 0), 6) (Howard et al. 2017, MobileNets).
type ReLU6 struct{}

// Name implements Layer.
func (ReLU6) Name() string { return "ReLU6" }

// Check implements Layer.
func (ReLU6) Check(in []int) (Info, error) { return Info{Output: in, Pointwise: true}, nil }

// Build implements Layer.
func (ReLU6) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	zero := graph.ZerosLike(x)
	six := graph.AddScalar(zero, 6)
	return graph.Where(graph.LessOrEqual(x, zero), zero, graph.Where(graph.GreaterOrEqual(x, six), six, x))
}

// ONNX implements ONNXFormer.
func (ReLU6) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("Clip", []string{x, g.Floats([]float32{0}), g.Floats([]float32{6})}), nil
}

// HardSigmoid is 0 up to −3, 1 from 3 on, and (x + 3)/6 between them (Howard
// et al. 2019, MobileNetV3).
type HardSigmoid struct{}

// Name implements Layer.
func (HardSigmoid) Name() string { return "HardSigmoid" }

// Check implements Layer.
func (HardSigmoid) Check(in []int) (Info, error) { return Info{Output: in, Pointwise: true}, nil }

// Build implements Layer.
func (HardSigmoid) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	return hard(x, graph.ZerosLike(x), graph.DivScalar(graph.AddScalar(x, 3), 6), graph.OnesLike(x))
}

// ONNX implements ONNXFormer.
func (HardSigmoid) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("HardSigmoid", []string{x}, ONNXAttribute{"alpha", 1.0 / 6}, ONNXAttribute{"beta", 0.5}), nil
}

// HardSwish is 0 up to −3, x from 3 on, and x·(x + 3)/6 between them (Howard
// et al. 2019, MobileNetV3).
type HardSwish struct{}

// Name implements Layer.
func (HardSwish) Name() string { return "HardSwish" }

// Check implements Layer.
func (HardSwish) Check(in []int) (Info, error) { return Info{Output: in, Pointwise: true}, nil }

// Build implements Layer. The product sees no number from outside: an infinite
// one would spoil the gradient.
func (HardSwish) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	zero := graph.ZerosLike(x)
	middle := hard(x, zero, x, zero)
	return hard(x, zero, graph.Mul(middle, graph.DivScalar(graph.AddScalar(middle, 3), 6)), x)
}

// ONNX implements ONNXFormer.
func (HardSwish) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("HardSwish", []string{x}), nil
}

// hard is low where x ≤ −3, high where x ≥ 3, else middle, which a NaN takes
// too.
func hard(x, low, middle, high *graph.Node) *graph.Node {
	three := graph.AddScalar(graph.ZerosLike(x), 3)
	return graph.Where(graph.LessOrEqual(x, graph.Neg(three)), low, graph.Where(graph.GreaterOrEqual(x, three), high, middle))
}
