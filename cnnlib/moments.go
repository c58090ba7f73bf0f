package cnnlib

import "github.com/gomlx/gomlx/core/graph"

// moments is the mean of x over axes, x less that mean, and the variance
// (divided by the count). Mean and variance have only the other axes.
//
// A mean far from 0 is itself only known to a part in ten million or worse, so
// what is left of it after it was subtracted is subtracted too. The gradient
// goes through the second mean alone, which gives all of it.
func moments(x *graph.Node, axes ...int) (mean, centred, variance *graph.Node) {
	kept := x.Shape().Clone().Dimensions
	for _, a := range axes {
		kept[a] = 1
	}
	spread := func(v *graph.Node) *graph.Node { return graph.Reshape(v, kept...) }
	mean = graph.StopGradient(graph.ReduceMean(x, axes...))
	rough := graph.Sub(x, spread(mean))
	rest := graph.ReduceMean(rough, axes...)
	centred = graph.Sub(rough, spread(rest))
	return graph.Add(mean, rest), centred, graph.ReduceMean(graph.Square(centred), axes...)
}
