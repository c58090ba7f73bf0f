package convviz

import (
	"fmt"
	"math"

	"convlab/convviz/draw"
)

// maxEpochs bounds the steps of a film over training. Of more epochs as many
// are shown, the first and the last among them.
const maxEpochs = 24

const replaySeconds = 0.6 // that a step of a film over training takes

// KernelsOver is Kernels after each of several epochs, as train.Replay gives
// them (lesson 3.5): values[i] is after epochs[i], 0 being before training.
// One scale serves all of them.
func KernelsOver(epochs []int, values [][]float32, shape []int) (*Film, error) {
	lo, hi, err := spanOf(len(epochs), len(values), func(i int) (float64, float64, error) { return kernelLimits(values[i], shape) })
	if err != nil {
		return nil, err
	}
	return overTraining(epochs, func(i int) (draw.Panel, error) { return kernelTiles(values[i], shape, lo, hi), nil })
}

// FeatureMapsOver is FeatureMaps of one image after each of several epochs, on
// one scale.
func FeatureMapsOver(epochs []int, values [][]float32, height, width, channels int) (*Film, error) {
	lo, hi, err := spanOf(len(epochs), len(values), func(i int) (float64, float64, error) {
		return mapLimits(values[i], height, width, channels)
	})
	if err != nil {
		return nil, err
	}
	return overTraining(epochs, func(i int) (draw.Panel, error) { return mapTiles(values[i], height, width, channels, lo, hi), nil })
}

// InfluenceOver is Influence after each of several epochs: how the effective
// field of a unit grows while the network learns (lesson 2.1).
func InfluenceOver(epochs []int, influence [][]float64, height, width int) (*Film, error) {
	if len(epochs) != len(influence) {
		return nil, fmt.Errorf("convviz: %d epochs, but values of %d", len(epochs), len(influence))
	}
	return overTraining(epochs, func(i int) (draw.Panel, error) { return influenceMap(influence[i], height, width) })
}

// spanOf gives the limits of all epochs together.
func spanOf(epochs, n int, limits func(i int) (lo, hi float64, err error)) (lo, hi float64, err error) {
	if epochs != n {
		return 0, 0, fmt.Errorf("convviz: %d epochs, but values of %d", epochs, n)
	}
	lo, hi = math.Inf(1), math.Inf(-1)
	for i := range n {
		l, h, err := limits(i)
		if err != nil {
			return 0, 0, err
		}
		lo, hi = min(lo, l), max(hi, h)
	}
	return lo, hi, nil
}

// overTraining is a film with a step for each epoch.
func overTraining(epochs []int, panel func(i int) (draw.Panel, error)) (*Film, error) {
	if len(epochs) == 0 {
		return nil, fmt.Errorf("convviz: no epochs to draw: train with KeepAll, then use train.Replay")
	}
	n := min(len(epochs), maxEpochs)
	panels, names := make([]draw.Panel, n), make([]string, n)
	for k := range n {
		i := k
		if n < len(epochs) {
			i = k * (len(epochs) - 1) / (n - 1)
		}
		var err error
		if panels[k], err = panel(i); err != nil {
			return nil, fmt.Errorf("epoch %d: %w", epochs[i], err)
		}
		names[k] = sayf("epoch %d", epochs[i])
		if epochs[i] == 0 {
			names[k] = say("before training")
		}
	}
	return draw.InTurn(replaySeconds, panels, names)
}
