package cnnlib

import (
	"fmt"
	"math"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Weight is a copy of one weight of layer, "weight" or "bias", with its shape.
func (m *Model) Weight(layer int, name string) (values []float32, shape []int, err error) {
	path := fmt.Sprintf("/net/%d/%s", layer, name)
	v := m.store.GetVariable(path)
	if v == nil {
		return nil, nil, fmt.Errorf("cnnlib: the model has no %s", path)
	}
	t, err := v.Value()
	if err != nil {
		return nil, nil, fmt.Errorf("cnnlib: %s: %w", path, err)
	}
	values, err = tensors.CopyFlatData[float32](t)
	return values, v.Shape().Dimensions, err
}

// SetWeight replaces one weight of layer, "weight" or "bias", by values in the
// row-major order of its shape.
func (m *Model) SetWeight(layer int, name string, values []float32) error {
	path := fmt.Sprintf("/net/%d/%s", layer, name)
	v := m.store.GetVariable(path)
	if v == nil {
		return fmt.Errorf("cnnlib: the model has no %s", path)
	}
	if v.Shape().Size() != len(values) {
		return fmt.Errorf("cnnlib: %s has shape %v, got %d values", path, v.Shape().Dimensions, len(values))
	}
	return v.SetValue(tensors.FromFlatDataAndDimensions(values, v.Shape().Dimensions...))
}

// InputGradient tells how each input number of each image moves one unit: the
// gradient of the output of layer (-1: the last) with respect to the
// normalised input, dropout off. at holds the unit's first coordinates in the
// layer's output, as row, column, channel; the sum over the coordinates left
// out is differentiated, so that without at all units count.
//
// pixels: n·height·width·channels bytes → n slices of height·width·channels.
// Lessons 2.1 (the effective receptive field) and 3.1 (blind pixels).
func (m *Model) InputGradient(pixels []uint8, n, layer int, at ...int) ([][]float32, error) {
	layer, out, err := m.layerOf(pixels, n, layer)
	if err != nil {
		return nil, err
	}
	unit := []graph.SliceAxisSpec{graph.AxisRange()} // every image
	for i, v := range at {
		if i >= len(out) || v < 0 || v >= out[i] {
			return nil, fmt.Errorf("cnnlib: layer %d (%s) has output shape %v, no unit %v", layer, m.Net[layer].Name(), out, at)
		}
		unit = append(unit, graph.AxisElem(v))
	}
	return m.once(pixels, n, "gradient", func(pixels *graph.Node) *graph.Node {
		x := m.input(pixels)
		y := m.Net[:layer+1].Build(m.scope(), x)
		return graph.Gradient(graph.ReduceAllSum(graph.Slice(y, unit...)), x)[0]
	})
}

// Influence is the map of how much each position of the input moves the unit:
// the absolute InputGradient summed over channels and images, scaled so that
// the map sums to 1 (all 0 if nothing reaches the unit). With uniform kernels
// it is the effective receptive field of lesson 2.1.
//
// pixels: n images → height·width numbers.
func (m *Model) Influence(pixels []uint8, n, layer int, at ...int) ([]float64, error) {
	gradients, err := m.InputGradient(pixels, n, layer, at...)
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
	influence, err := m.Influence(pixels, n, -1)
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
