package cnnlib

import (
	"fmt"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// SoftmaxLayer turns logits into probabilities: over the channels at each
// position, or over the features after a Dense. The losses of training take
// logits, so a network to be trained has none at its end; the function Softmax
// is for single predictions.
//
// x: [batch, ..., channels] → the same shape, with sum 1 over the channels.
type SoftmaxLayer struct{}

// Name implements Layer.
func (SoftmaxLayer) Name() string { return "Softmax" }

// Check implements Layer.
func (SoftmaxLayer) Check(in []int) (Info, error) { return overChannels(in) }

// Reach implements Reacher.
func (SoftmaxLayer) Reach(in []int) (Reach, error) { return allChannels(in), nil }

// Build implements Layer.
func (SoftmaxLayer) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	return graph.ConvertDType(graph.Softmax(graph.ConvertDType(x, dtypes.Float32), -1), x.DType())
}

// LogSoftmaxLayer is the logarithm of SoftmaxLayer, without the loss of
// accuracy of taking it afterwards.
//
// x: [batch, ..., channels] → the same shape.
type LogSoftmaxLayer struct{}

// Name implements Layer.
func (LogSoftmaxLayer) Name() string { return "LogSoftmax" }

// Check implements Layer.
func (LogSoftmaxLayer) Check(in []int) (Info, error) { return overChannels(in) }

// Reach implements Reacher.
func (LogSoftmaxLayer) Reach(in []int) (Reach, error) { return allChannels(in), nil }

// Build implements Layer.
func (LogSoftmaxLayer) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	return graph.ConvertDType(graph.LogSoftmax(graph.ConvertDType(x, dtypes.Float32), -1), x.DType())
}

// overChannels is the Info of a layer without weights that works on the
// channels of each position.
func overChannels(in []int) (Info, error) {
	if len(in) < 1 {
		return Info{}, fmt.Errorf("needs an input with channels, got shape %v", in)
	}
	return Info{Output: in, Window: pixelwise(in)}, nil
}

// allChannels is the reach of a layer whose every output channel sees all.
func allChannels(in []int) Reach {
	channels := in[len(in)-1]
	return GroupReach(channels, channels, 1)
}
