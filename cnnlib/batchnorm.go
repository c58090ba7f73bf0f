package cnnlib

import (
	"cmp"
	"fmt"

	"convlab/cnnlib/internal/lower"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// BatchNorm brings every channel to mean 0 and variance 1, then scales and
// shifts it by two trained numbers (Ioffe and Szegedy 2015). While training it
// takes mean and variance of the batch, and moves the running ones a tenth of
// the way towards them; otherwise it takes the running ones. A mean far from 0
// costs no accuracy. The constants are PyTorch's: 1e-5 is added to the
// variance, the running variance is the unbiased one.
//
// x: [batch, ..., channels] → the same shape.
type BatchNorm struct {
	Epsilon  float64 // 0 means 1e-5
	Momentum float64 // part that the running values move; 0 means 0.1
}

// PyTorch's constants for normalisation, which every layer here shares.
const (
	normEpsilon  = 1e-5 // added to a variance
	normMomentum = 0.1  // part that running values move
)

func (n BatchNorm) epsilon() float64 { return cmp.Or(n.Epsilon, normEpsilon) }

func (n BatchNorm) momentum() float64 { return cmp.Or(n.Momentum, normMomentum) }

// Name implements Layer.
func (n BatchNorm) Name() string { return "BatchNorm" }

// Check implements Layer.
func (n BatchNorm) Check(in []int) (Info, error) {
	if len(in) < 1 {
		return Info{}, fmt.Errorf("needs an input with channels, got shape %v", in)
	}
	if !(n.epsilon() > 0) {
		return Info{}, fmt.Errorf("epsilon must be above 0, got %g", n.Epsilon)
	}
	if !(n.momentum() > 0 && n.momentum() <= 1) {
		return Info{}, fmt.Errorf("momentum must be above 0 and at most 1, got %g", n.Momentum)
	}
	shape := in[len(in)-1:]
	return Info{Output: in, Pointwise: true, Weights: []Weight{
		{Name: "weight", Shape: shape, Start: 1}, {Name: "bias", Shape: shape},
		{Name: "running_mean", Shape: shape, State: true}, {Name: "running_var", Shape: shape, Start: 1, State: true},
	}}, nil
}

// Build implements Layer.
func (n BatchNorm) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	g := x.Graph()
	channels := x.Shape().Dim(-1)
	dtype := x.DType()
	float := func(v *graph.Node) *graph.Node { return graph.ConvertDType(v, dtypes.Float32) }
	wide := func(v *graph.Node) *graph.Node { return graph.ExpandLeftToRank(float(v), x.Rank()) }
	x = float(x)
	weight, bias := float(variable(scope, g, "weight", channels)), float(variable(scope, g, "bias", channels))
	runningMean := scope.VariableWithShape("running_mean", perChannel(channels)).SetTrainable(false)
	runningVar := scope.VariableWithShape("running_var", perChannel(channels)).SetTrainable(false)
	if !scope.IsTraining(g) {
		scale := graph.Div(weight, graph.Sqrt(graph.AddScalar(float(runningVar.NodeValue(g)), n.epsilon())))
		centred := graph.Sub(x, wide(runningMean.NodeValue(g)))
		return graph.ConvertDType(graph.Add(graph.Mul(centred, wide(scale)), wide(bias)), dtype)
	}
	y, mean, variance := lower.Normalize(x, weight, bias, n.epsilon())
	count := x.Shape().Size() / channels
	unbiased := graph.MulScalar(variance, float64(count)/float64(max(count-1, 1)))
	move := func(v *model.Variable, to *graph.Node) {
		was := v.NodeValue(g)
		v.SetNodeValue(graph.Add(was, graph.MulScalar(graph.Sub(to, was), n.momentum())))
	}
	move(runningMean, mean)
	move(runningVar, unbiased)
	return graph.ConvertDType(y, dtype)
}

// ONNX implements ONNXFormer.
func (n BatchNorm) ONNX(g ONNXGraph, x string, _ []int, weights []string) (string, error) {
	return g.Node("BatchNormalization", append([]string{x}, weights...),
		ONNXAttribute{"epsilon", n.epsilon()}, ONNXAttribute{"momentum", 1 - n.momentum()}), nil
}
