package cnnlib

import (
	"fmt"
	"math"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Activations work element by element and keep the shape. They are PyTorch's,
// with its default constants. Lesson 3.6 tries them.

// ReLU is max(x, 0), element by element.
type ReLU struct{}

// Name implements Layer.
func (ReLU) Name() string { return "ReLU" }

// Check implements Layer.
func (ReLU) Check(in []int) (Info, error) { return Info{Output: in, Pointwise: true}, nil }

// Build implements Layer.
func (ReLU) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	zero := graph.ZerosLike(x)
	return graph.Where(graph.LessOrEqual(x, zero), zero, x) // not Max: its gradient at 0 is a half, PyTorch's is 0
}

// ONNX implements ONNXFormer.
func (ReLU) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("Relu", []string{x}), nil
}

// LeakyReLU is x where x > 0, else Slope·x (Maas et al. 2013). A Slope of 0
// means PyTorch's 0.01.
type LeakyReLU struct {
	Slope float64
}

func (a LeakyReLU) slope() float64 {
	if a.Slope == 0 {
		return 0.01
	}
	return a.Slope
}

// Name implements Layer.
func (a LeakyReLU) Name() string { return fmt.Sprintf("LeakyReLU %g", a.slope()) }

// Check implements Layer.
func (a LeakyReLU) Check(in []int) (Info, error) { return finite(in, "slope", a.Slope) }

// Build implements Layer.
func (a LeakyReLU) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	return graph.Where(graph.GreaterThan(x, graph.ZerosLike(x)), x, graph.MulScalar(x, a.slope()))
}

// ONNX implements ONNXFormer.
func (a LeakyReLU) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("LeakyRelu", []string{x}, ONNXAttribute{"alpha", a.slope()}), nil
}

// ELU is x where x > 0, else Alpha·(eˣ − 1) (Clevert et al. 2015). An Alpha of
// 0 means 1.
type ELU struct {
	Alpha float64
}

func (a ELU) alpha() float64 {
	if a.Alpha == 0 {
		return 1
	}
	return a.Alpha
}

// Name implements Layer.
func (a ELU) Name() string { return fmt.Sprintf("ELU %g", a.alpha()) }

// Check implements Layer.
func (a ELU) Check(in []int) (Info, error) { return finite(in, "alpha", a.Alpha) }

// Build implements Layer. The exponential sees no positive numbers: it would
// overflow, and its gradient with it. The gradient at 0 is Alpha.
func (a ELU) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	zero := graph.ZerosLike(x)
	positive := graph.GreaterThan(x, zero)
	low := graph.AddScalar(graph.Exp(graph.Where(positive, zero, x)), -1)
	return graph.Where(positive, x, graph.MulScalar(low, a.alpha()))
}

// ONNX implements ONNXFormer.
func (a ELU) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("Elu", []string{x}, ONNXAttribute{"alpha", a.alpha()}), nil
}

func finite(in []int, name string, v float64) (Info, error) {
	if math.IsNaN(v) || math.IsInf(v, 0) {
		return Info{}, fmt.Errorf("%s must be a finite number, got %g", name, v)
	}
	return Info{Output: in, Pointwise: true}, nil
}

// GELU is x·Φ(x) with the exact normal distribution function (Hendrycks and
// Gimpel 2016).
type GELU struct{}

// Name implements Layer.
func (GELU) Name() string { return "GELU" }

// Check implements Layer.
func (GELU) Check(in []int) (Info, error) { return Info{Output: in, Pointwise: true}, nil }

// Build implements Layer.
func (GELU) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	phi := graph.MulScalar(graph.OnePlus(graph.Erf(graph.MulScalar(x, math.Sqrt2/2))), 0.5)
	return graph.Mul(x, phi)
}

// ONNX implements ONNXFormer.
func (GELU) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("Gelu", []string{x}), nil
}

// SiLU is x·sigmoid(x), also called swish (Ramachandran et al. 2017).
type SiLU struct{}

// Name implements Layer.
func (SiLU) Name() string { return "SiLU" }

// Check implements Layer.
func (SiLU) Check(in []int) (Info, error) { return Info{Output: in, Pointwise: true}, nil }

// Build implements Layer.
func (SiLU) Build(_ *model.Scope, x *graph.Node) *graph.Node { return graph.Mul(x, graph.Sigmoid(x)) }

// ONNX implements ONNXFormer.
func (SiLU) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("Mul", []string{x, g.Node("Sigmoid", []string{x})}), nil
}

// Sigmoid is 1/(1 + e⁻ˣ).
type Sigmoid struct{}

// Name implements Layer.
func (Sigmoid) Name() string { return "Sigmoid" }

// Check implements Layer.
func (Sigmoid) Check(in []int) (Info, error) { return Info{Output: in, Pointwise: true}, nil }

// Build implements Layer.
func (Sigmoid) Build(_ *model.Scope, x *graph.Node) *graph.Node { return graph.Sigmoid(x) }

// ONNX implements ONNXFormer.
func (Sigmoid) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("Sigmoid", []string{x}), nil
}

// Tanh is the hyperbolic tangent.
type Tanh struct{}

// Name implements Layer.
func (Tanh) Name() string { return "Tanh" }

// Check implements Layer.
func (Tanh) Check(in []int) (Info, error) { return Info{Output: in, Pointwise: true}, nil }

// Build implements Layer.
func (Tanh) Build(_ *model.Scope, x *graph.Node) *graph.Node { return graph.Tanh(x) }

// ONNX implements ONNXFormer.
func (Tanh) ONNX(g ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return g.Node("Tanh", []string{x}), nil
}
