package convviz

import (
	"fmt"
	"slices"

	"convlab/cnnlib"
	"convlab/convviz/draw"

	"github.com/gomlx/gomlx/core/tensors"
)

const (
	activationSeconds = 1.5 // that a step of the film takes
	activationColumns = 32  // of the numbers of a dense layer
)

// Activations is a film of everything that a network computes of one image,
// height·width·channels bytes (lesson 3.6): a step for each layer, its feature
// maps on a scale of their own, or its numbers row by row where it gives one
// long list. Dropout, which changes nothing, is passed over.
func Activations(m *cnnlib.Model, pixels []uint8) (*Film, error) {
	if m == nil {
		return nil, fmt.Errorf("convviz: Activations needs a model")
	}
	outputs, err := m.Activations(pixels)
	if err != nil {
		return nil, err
	}
	var panels []draw.Panel
	var names []string
	for i, step := range m.Root().Steps() {
		if _, ok := step.Layer.(cnnlib.Dropout); ok {
			continue
		}
		values, err := tensors.CopyFlatData[float32](outputs[i])
		if err != nil {
			return nil, fmt.Errorf("convviz: %s: %w", step.Title(), err)
		}
		panel, err := activation(values, step.Info.Output)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", step.Title(), err)
		}
		panels, names = append(panels, panel), append(names, fmt.Sprintf("%s %s", step.Path, step.Title()))
	}
	return draw.InTurn(activationSeconds, panels, names)
}

// activation is the panel of one layer's output.
func activation(values []float32, shape []int) (draw.Panel, error) {
	switch len(shape) {
	case 3:
		lo, hi, err := mapLimits(values, shape[0], shape[1], shape[2])
		if err != nil {
			return nil, err
		}
		return mapTiles(values, shape[0], shape[1], shape[2], lo, hi), nil
	case 1:
		lo, hi, err := limits(values)
		if err != nil {
			return nil, err
		}
		most := max(-lo, hi, 1e-30)
		columns := min(len(values), activationColumns)
		m := draw.Matrix{Title: say("Numbers"), Signed: true, Lo: -most, Hi: most, Hide: columns > 10,
			Decimals: 1, Cell: 16, Alt: sayf("%d numbers from %.3g to %.3g, row by row.", len(values), lo, hi)}
		if columns <= 10 {
			m.Cell = 0
		}
		for row := range slices.Chunk(values, columns) {
			line := make([]float64, columns)
			for i, v := range row {
				line[i] = float64(v)
			}
			m.Values = append(m.Values, line)
		}
		return m, nil
	}
	return nil, fmt.Errorf("convviz: an output of shape %v cannot be drawn, only maps [height, width, channels] and lists of numbers", shape)
}
