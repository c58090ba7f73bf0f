package lesson

import (
	"convlab/cnnlib"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// InTraining is what a layer such as cnnlib.Dropout or cnnlib.BatchNorm makes
// of one channel while the network is trained, so many times in a row: a layer
// that draws at random gives something else each time, though the same in
// every run of the cell.
func InTraining(layer cnnlib.Layer, x Map, times int) []Map {
	OK(x.check())
	in := []int{len(x), len(x[0]), 1}
	m := must(cnnlib.New(must(cnnlib.OpenBackend()).Backend, cnnlib.Sequential{layer}, in, cnnlib.Options{Seed: 1}))
	place := m.Root().Parts[0]
	exec := must(model.NewExec(m.Backend(), m.Store(), func(_ *model.Scope, x *graph.Node) *graph.Node {
		m.Store().SetTraining(x.Graph(), true)
		return place.Layer.Build(m.Store().Scope(place.Scope()), x)
	}))
	defer exec.Finalize()
	image := must(cnnlib.ImageTensor(x))
	var all []Map
	for range times {
		y := must(exec.Call1(image))
		if size := y.Shape().Size(); size != len(x)*len(x[0]) {
			must(0, wrong("%s makes %d numbers of %d", "%s 把 %[3]d 个数变成了 %[2]d 个", layer.Name(), size, len(x)*len(x[0])))
		}
		all = append(all, must(cnnlib.FirstMap(y)))
	}
	return all
}

// Mean is the mean of all numbers, and their variance around it.
func (m Map) Mean() (mean, variance float64) {
	n := float64(len(m) * len(m[0]))
	for _, row := range m {
		for _, v := range row {
			mean += float64(v) / n
		}
	}
	for _, row := range m {
		for _, v := range row {
			variance += (float64(v) - mean) * (float64(v) - mean) / n
		}
	}
	return mean, variance
}
