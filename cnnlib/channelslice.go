package cnnlib

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// ChannelSlice keeps the channels From to To−1. To 0 means up to the last one.
//
// x: [batch, ..., channels] → [batch, ..., To−From].
type ChannelSlice struct {
	From, To int
}

// Name implements Layer.
func (c ChannelSlice) Name() string {
	if c.To == 0 {
		return fmt.Sprintf("ChannelSlice %d:", c.From)
	}
	return fmt.Sprintf("ChannelSlice %d:%d", c.From, c.To)
}

// bounds is the first channel and the one after the last, of so many.
func (c ChannelSlice) bounds(channels int) (from, to int) {
	if c.To == 0 {
		return c.From, channels
	}
	return c.From, c.To
}

// Check implements Layer.
func (c ChannelSlice) Check(in []int) (Info, error) {
	if len(in) < 1 {
		return Info{}, fmt.Errorf("needs an input with channels, got shape %v", in)
	}
	last := len(in) - 1
	from, to := c.bounds(in[last])
	if from < 0 || to > in[last] || from >= to {
		return Info{}, fmt.Errorf("there are no channels %d to %d among %d", from, to-1, in[last])
	}
	return Info{Output: append(append([]int{}, in[:last]...), to-from), Window: pixelwise(in)}, nil
}

// Reach implements Reacher.
func (c ChannelSlice) Reach(in []int) (Reach, error) {
	channels := in[len(in)-1]
	from, to := c.bounds(channels)
	return SelfReach(channels)[from:to], nil
}

// Build implements Layer.
func (c ChannelSlice) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	last := x.Rank() - 1
	from, to := c.bounds(x.Shape().Dimensions[last])
	return graph.SliceAxis(x, last, graph.AxisRange(from, to))
}
