package cnnlib

import (
	"fmt"
	"math"

	"github.com/gomlx/gomlx/core/graph"
)

// InputGradient says how strongly each input number of each image moves one
// unit. It is the gradient of the output of the layer at path (the whole
// network if path is "") with respect to the normalised input, with dropout
// off. at holds the first coordinates of the unit in the layer's output: row,
// column, channel. The sum over the coordinates that are left out is
// differentiated, so without at all units count.
//
// pixels: n·height·width·channels bytes → n slices of height·width·channels.
// Lessons 2.1 (the effective receptive field) and 3.1 (blind pixels).
func (m *Model) InputGradient(pixels []uint8, n int, path Path, at ...int) ([][]float32, error) {
	p, err := m.placeOf(pixels, n, path)
	if err != nil {
		return nil, err
	}
	out := p.Info.Output
	unit := []graph.SliceAxisSpec{graph.AxisRange()} // every image
	for i, v := range at {
		if i >= len(out) || v < 0 || v >= out[i] {
			return nil, fmt.Errorf("cnnlib: %s has output shape %v, no unit %v", p.spoken(), out, at)
		}
		unit = append(unit, graph.AxisElem(v))
	}
	return m.once(pixels, n, "gradient", func(pixels *graph.Node) *graph.Node {
		x, values := m.values(pixels, p)
		y := values[p]
		return graph.Gradient(graph.ReduceAllSum(graph.Slice(y, unit...)), x)[0]
	})
}

// Influence returns a map of how strongly each position of the input moves
// the unit: the absolute InputGradient, summed over channels and images and
// scaled so that the map sums to 1 (all zeros if nothing reaches the unit).
// With uniform kernels it is the effective receptive field of lesson 2.1.
//
// pixels: n images → height·width numbers.
func (m *Model) Influence(pixels []uint8, n int, path Path, at ...int) ([]float64, error) {
	gradients, err := m.InputGradient(pixels, n, path, at...)
	if err != nil {
		return nil, err
	}
	channels, total := len(m.mean), 0.0
	influence := make([]float64, len(gradients[0])/channels)
	for _, g := range gradients {
		for i, v := range g {
			influence[i/channels] += math.Abs(float64(v))
			total += math.Abs(float64(v))
		}
	}
	if total > 0 {
		for i := range influence {
			influence[i] /= total
		}
	}
	return influence, nil
}

// Blind marks the positions of the input that moved no output for any of the n
// images: their gradient is exactly 0. In network 3.1 these are rows and
// columns 30 and 31, which the floor of its second pooling drops.
//
// pixels: n images → height·width marks, and their share of all.
func (m *Model) Blind(pixels []uint8, n int) (blind []bool, share float64, err error) {
	influence, err := m.Influence(pixels, n, "")
	if err != nil {
		return nil, 0, err
	}
	blind = make([]bool, len(influence))
	count := 0
	for i, v := range influence {
		if v == 0 {
			blind[i], count = true, count+1
		}
	}
	return blind, float64(count) / float64(len(blind)), nil
}
