package cnnlib

import (
	"math"
	"math/rand/v2"

	"convlab/internal/geometry"
)

// Weight is a variable of a layer.
type Weight struct {
	Name  string // "weight", "bias" or "running_mean", as in PyTorch; a layer of parts has "depthwise/weight"
	Shape []int
	FanIn int     // inputs that one output sums over: the first values are uniform in ±1/√FanIn
	Start float32 // first value of all if FanIn is 0
	State bool    // not trained: training updates it in another way
}

func weightsAndBias(noBias bool, fanIn, out int, shape ...int) []Weight {
	weights := []Weight{{Name: "weight", Shape: shape, FanIn: fanIn}}
	if !noBias {
		weights = append(weights, Weight{Name: "bias", Shape: []int{out}, FanIn: fanIn})
	}
	return weights
}

// first is the values that the weight has before training: weight number j of
// layer i.
func (w Weight) first(seed uint64, i, j int) []float32 {
	values := make([]float32, geometry.Volume(w.Shape))
	if w.FanIn == 0 {
		for k := range values {
			values[k] = w.Start
		}
		return values
	}
	stream := uint64(i)<<8 | uint64(j)
	if j > 0xff { // where a layer of many parts would run into the streams of the next one
		stream = uint64(j)<<32 | uint64(i)
	}
	rng := rand.New(rand.NewPCG(seed, stream))
	bound := float32(1 / math.Sqrt(float64(w.FanIn)))
	for k := range values {
		values[k] = (2*rng.Float32() - 1) * bound
	}
	return values
}
