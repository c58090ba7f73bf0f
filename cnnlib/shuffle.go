package cnnlib

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// ChannelShuffle lays the channels out in a fixed order that takes one from
// each group in turn, so that the next grouped convolution sees all groups. It
// has no weights. Lesson 1.9 (Zhang et al. 2017, ShuffleNet).
//
// x: [..., channels] → the same shape; 12 channels in 3 groups become
// 0 4 8 1 5 9 2 6 10 3 7 11.
type ChannelShuffle struct {
	Groups int
}

// Name implements Layer.
func (c ChannelShuffle) Name() string { return fmt.Sprintf("ChannelShuffle g%d", c.Groups) }

// Check implements Layer.
func (c ChannelShuffle) Check(in []int) (Info, error) {
	if len(in) < 1 {
		return Info{}, fmt.Errorf("needs an input with channels, got shape %v", in)
	}
	if channels := in[len(in)-1]; c.Groups < 1 || channels%c.Groups != 0 {
		return Info{}, fmt.Errorf("%d channels cannot be split into %d groups", channels, c.Groups)
	}
	return Info{Output: in, Window: pixelwise(in)}, nil
}

// Build implements Layer.
func (c ChannelShuffle) Build(_ *model.Scope, x *graph.Node) *graph.Node { return Shuffle(x, c.Groups) }

// ONNX implements ONNXFormer.
func (c ChannelShuffle) ONNX(g ONNXGraph, x string, in []int, _ []string) (string, error) {
	spatial, channels := in[:len(in)-1], in[len(in)-1]
	order := []int{0, 2, 1}
	for i := range spatial {
		order = append(order, 3+i)
	}
	x = g.Node("Reshape", []string{x, g.Ints(append([]int{0, c.Groups, channels / c.Groups}, spatial...)...)})
	x = g.Node("Transpose", []string{x}, ONNXAttribute{"perm", order})
	return g.Node("Reshape", []string{x, g.Ints(append([]int{0, channels}, spatial...)...)}), nil
}

// Shuffle is the plain operation: reshape the channels to [groups,
// channels/groups], transpose, flatten. It panics, as graph building does,
// when groups do not divide the channels.
func Shuffle(x *graph.Node, groups int) *graph.Node {
	dims := x.Shape().Dimensions
	if _, err := (ChannelShuffle{groups}).Check(dims); err != nil {
		panic(fmt.Errorf("cnnlib: shuffle: %w", err))
	}
	last := len(dims) - 1
	split := append(append([]int{}, dims[:last]...), groups, dims[last]/groups)
	order := make([]int, len(split))
	for i := range order {
		order[i] = i
	}
	order[last], order[last+1] = last+1, last
	return graph.Reshape(graph.TransposeAllAxes(graph.Reshape(x, split...), order...), dims...)
}

// ShuffledConv is a grouped convolution followed by a channel shuffle. Its
// weights are those of the convolution. Lesson 1.9.
type ShuffledConv struct {
	Out     int
	Kernel  int
	Stride  int
	Padding int
	Groups  int
	Same    bool
	NoBias  bool
	Plan    Plan
}

func (c ShuffledConv) conv() Conv {
	return Conv{Out: c.Out, Kernel: c.Kernel, Stride: c.Stride, Padding: c.Padding, Groups: c.Groups, Same: c.Same, NoBias: c.NoBias, Plan: c.Plan}
}

// Name implements Layer.
func (c ShuffledConv) Name() string { return c.nameFor(0) }

func (c ShuffledConv) nameFor(axes int) string { return "Shuffled" + c.conv().nameFor(axes) }

// Parts implements Composite. Both parts stand in the place of the whole.
func (c ShuffledConv) Parts([]int) (Parts, error) {
	return series(Part{Layer: c.conv()}, Part{Layer: ChannelShuffle{orOne(c.Groups)}}), nil
}

// Check implements Layer.
func (c ShuffledConv) Check(in []int) (Info, error) { return CheckParts(c, in) }

// Build implements Layer.
func (c ShuffledConv) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	return BuildParts(c, scope, x)
}
