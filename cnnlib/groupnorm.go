package cnnlib

import (
	"cmp"
	"fmt"
	"math"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// GroupNorm brings each group of channels of each example to mean 0 and
// variance 1 over all its positions, then scales and shifts every channel by
// two trained numbers (Wu and He 2018). It does not look at the other examples
// of the batch, so it does the same in training and afterwards.
//
// x: [batch, ..., channels] → the same shape; weight and bias: [channels].
type GroupNorm struct {
	Groups   int     // must divide the channels
	Epsilon  float64 // added to the variance; 0 means 1e-5
	NoAffine bool    // without weight and bias
}

// Name implements Layer.
func (n GroupNorm) Name() string { return fmt.Sprintf("GroupNorm g%d", n.Groups) }

// Check implements Layer.
func (n GroupNorm) Check(in []int) (Info, error) {
	info, err := normInfo(in, n.Epsilon, !n.NoAffine)
	if err != nil {
		return Info{}, err
	}
	if channels := in[len(in)-1]; n.Groups < 1 || channels%n.Groups != 0 {
		return Info{}, fmt.Errorf("%d channels cannot be split into %d groups", channels, n.Groups)
	}
	return info, nil
}

// Reach implements Reacher.
func (n GroupNorm) Reach(in []int) (Reach, error) {
	channels := in[len(in)-1]
	return GroupReach(channels, channels, n.Groups), nil
}

// Span implements Spanner: mean and variance are of all positions.
func (n GroupNorm) Span(in []int, axis, _, _ int) (from, to int) { return 0, in[axis] - 1 }

// Build implements Layer.
func (n GroupNorm) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	dims, dtype := x.Shape().Dimensions, x.DType()
	last := len(dims) - 1
	split := append(append([]int{}, dims[:last]...), n.Groups, dims[last]/n.Groups)
	axes := []int{last + 1}
	for i := 1; i < last; i++ {
		axes = append(axes, i)
	}
	y := standardise(graph.Reshape(graph.ConvertDType(x, dtypes.Float32), split...), n.Epsilon, axes...)
	return affine(scope, graph.Reshape(y, dims...), !n.NoAffine, dtype)
}

// InstanceNorm is GroupNorm with a group for each channel (Ulyanov et al.
// 2016). As in PyTorch it trains no scale and shift unless it is Affine.
//
// x: [batch, spatial..., channels] → the same shape.
type InstanceNorm struct {
	Epsilon float64 // added to the variance; 0 means 1e-5
	Affine  bool    // with weight and bias
}

// Name implements Layer.
func (n InstanceNorm) Name() string { return "InstanceNorm" }

func (n InstanceNorm) groups(channels int) GroupNorm {
	return GroupNorm{Groups: channels, Epsilon: n.Epsilon, NoAffine: !n.Affine}
}

// Check implements Layer.
func (n InstanceNorm) Check(in []int) (Info, error) {
	_, channels, err := images(in)
	if err != nil {
		return Info{}, err
	}
	return n.groups(channels).Check(in)
}

// Reach implements Reacher.
func (n InstanceNorm) Reach(in []int) (Reach, error) { return SelfReach(in[len(in)-1]), nil }

// Span implements Spanner: mean and variance are of all positions.
func (n InstanceNorm) Span(in []int, axis, _, _ int) (from, to int) { return 0, in[axis] - 1 }

// Build implements Layer.
func (n InstanceNorm) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	return n.groups(x.Shape().Dimensions[x.Rank()-1]).Build(scope, x)
}

// LayerNorm brings the channels of each position to mean 0 and variance 1, then
// scales and shifts every channel by two trained numbers (Ba et al. 2016). It
// is PyTorch's nn.LayerNorm(channels) on channels last, as in ConvNeXt, and on
// the features after a Dense. Over all channels and positions together it is
// GroupNorm with one group.
//
// x: [batch, ..., channels] → the same shape; weight and bias: [channels].
type LayerNorm struct {
	Epsilon float64 // added to the variance; 0 means 1e-5
}

// Name implements Layer.
func (n LayerNorm) Name() string { return "LayerNorm" }

// Check implements Layer.
func (n LayerNorm) Check(in []int) (Info, error) {
	info, err := normInfo(in, n.Epsilon, true)
	info.Window = pixelwise(in)
	return info, err
}

// Reach implements Reacher.
func (n LayerNorm) Reach(in []int) (Reach, error) { return allChannels(in), nil }

// Build implements Layer.
func (n LayerNorm) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	y := standardise(graph.ConvertDType(x, dtypes.Float32), n.Epsilon, x.Rank()-1)
	return affine(scope, y, true, x.DType())
}

// normInfo is the Info of a norm with these constants.
func normInfo(in []int, epsilon float64, affine bool) (Info, error) {
	if len(in) < 1 {
		return Info{}, fmt.Errorf("needs an input with channels, got shape %v", in)
	}
	if !(epsilon >= 0) || math.IsInf(epsilon, 0) {
		return Info{}, fmt.Errorf("epsilon must be above 0, got %g", epsilon)
	}
	info := Info{Output: in}
	if affine {
		shape := in[len(in)-1:]
		info.Weights = []Weight{{Name: "weight", Shape: shape, Start: 1}, {Name: "bias", Shape: shape}}
	}
	return info, nil
}

// standardise brings x, float32, to mean 0 and variance 1 over axes.
func standardise(x *graph.Node, epsilon float64, axes ...int) *graph.Node {
	_, centred, variance := moments(x, axes...)
	kept := x.Shape().Clone().Dimensions
	for _, a := range axes {
		kept[a] = 1
	}
	return graph.Div(centred, graph.Sqrt(graph.AddScalar(graph.Reshape(variance, kept...), cmp.Or(epsilon, normEpsilon))))
}

// affine scales and shifts every channel of y, float32, if there are weights,
// and makes dtype of it.
func affine(scope *model.Scope, y *graph.Node, weights bool, dtype dtypes.DType) *graph.Node {
	if weights {
		perChannel := func(name string) *graph.Node {
			w := variable(scope, y.Graph(), name, y.Shape().Dimensions[y.Rank()-1])
			return graph.ExpandLeftToRank(graph.ConvertDType(w, dtypes.Float32), y.Rank())
		}
		y = graph.Add(graph.Mul(y, perChannel("weight")), perChannel("bias"))
	}
	return graph.ConvertDType(y, dtype)
}
