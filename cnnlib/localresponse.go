package cnnlib

import (
	"cmp"
	"fmt"
	"math"

	"convlab/cnnlib/internal/lower"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// LocalResponseNorm divides each value by (K + Alpha/Size·Σ x²) to the power
// of Beta, the sum over Size neighbouring channels at the same position
// (Krizhevsky et al. 2012, AlexNet). Channels beyond the first and the last
// count as 0. Of an even Size the extra channel is before.
//
// x: [batch, spatial..., channels] → the same shape.
type LocalResponseNorm struct {
	Size  int     // channels
	Alpha float64 // 0 means 1e-4
	Beta  float64 // 0 means 0.75
	K     float64 // 0 means 1
}

func (n LocalResponseNorm) constants() (alpha, beta, k float64) {
	return cmp.Or(n.Alpha, 1e-4), cmp.Or(n.Beta, 0.75), cmp.Or(n.K, 1)
}

// Name implements Layer.
func (n LocalResponseNorm) Name() string { return fmt.Sprintf("LocalResponseNorm %d", n.Size) }

// Check implements Layer.
func (n LocalResponseNorm) Check(in []int) (Info, error) {
	if _, _, err := images(in); err != nil {
		return Info{}, err
	}
	if n.Size < 1 {
		return Info{}, fmt.Errorf("size must be at least 1 channel, got %d", n.Size)
	}
	alpha, beta, k := n.constants()
	for _, c := range []struct {
		name  string
		value float64
	}{{"alpha", alpha}, {"beta", beta}, {"k", k}} {
		if !(c.value > 0) || math.IsInf(c.value, 0) {
			return Info{}, fmt.Errorf("%s must be a finite number above 0, got %g", c.name, c.value)
		}
	}
	return Info{Output: in, Window: pixelwise(in)}, nil
}

// neighbours is the channels first to last that channel c of so many is
// divided by.
func (n LocalResponseNorm) neighbours(c, channels int) (first, last int) {
	return max(0, c-n.Size/2), min(channels-1, c+(n.Size-1)/2)
}

// Reach implements Reacher.
func (n LocalResponseNorm) Reach(in []int) (Reach, error) {
	channels := in[len(in)-1]
	reach := make(Reach, channels)
	for c := range reach {
		reach[c] = make([]bool, channels)
		first, last := n.neighbours(c, channels)
		for i := first; i <= last; i++ {
			reach[c][i] = true
		}
	}
	return reach, nil
}

// Build implements Layer.
func (n LocalResponseNorm) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	dtype, axis := x.DType(), x.Rank()-1
	channels := x.Shape().Dimensions[axis]
	x = graph.ConvertDType(x, dtypes.Float32)
	alpha, beta, k := n.constants()
	before, after := min(n.Size/2, channels-1), min((n.Size-1)/2, channels-1) // beyond there is nothing
	pads := make([][2]int, axis)
	pads[axis-1] = [2]int{before, after}
	squares := lower.Surround(graph.Square(x), pads, 0)
	sum := graph.SliceAxis(squares, axis, graph.AxisRange(0, channels))
	for t := 1; t <= before+after; t++ {
		sum = graph.Add(sum, graph.SliceAxis(squares, axis, graph.AxisRange(t, t+channels)))
	}
	base := graph.AddScalar(graph.MulScalar(sum, alpha/float64(n.Size)), k)
	return graph.ConvertDType(graph.Div(x, graph.PowScalar(base, beta)), dtype)
}
