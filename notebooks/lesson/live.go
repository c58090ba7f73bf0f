package lesson

import (
	"convlab/cnnlib"
	"convlab/convviz"
)

// Live shows a layer on numbers as a picture that the student changes: it
// computes in the page, without Go. Each case is an example to choose; On and
// Shaped make them.
func Live(cases ...convviz.Case) { OK(convviz.ShowPage(convviz.Live(cases...))) }

// Shaped is a layer on an input of this shape, [spatial..., channels], whose
// numbers the page fills in.
func Shaped(layer cnnlib.Layer, shape ...int) convviz.Case {
	return convviz.Case{Layer: layer, Shape: shape}
}

// On is a layer on the numbers x of one channel, with a kernel for each part of
// it that has one. Out and Kernel of a cnnlib.Conv or cnnlib.TransposedConv are
// not needed.
func On(layer cnnlib.Layer, x Map, kernels ...Map) convviz.Case {
	c := convviz.Case{Layer: layer, Shape: []int{len(x), 0, 1}, Input: flat(x)}
	if len(x) > 0 {
		c.Shape[1] = len(x[0])
	}
	for _, k := range kernels {
		c.Kernels = append(c.Kernels, flat(k))
	}
	if len(kernels) != 1 {
		return c
	}
	switch l := layer.(type) {
	case cnnlib.Conv:
		l.Out, l.Kernel = 1, len(kernels[0])
		c.Layer = l
	case cnnlib.TransposedConv:
		l.Out, l.Kernel = 1, len(kernels[0])
		c.Layer = l
	}
	return c
}

func flat(m Map) []float64 {
	var all []float64
	for _, row := range m {
		for _, v := range row {
			all = append(all, float64(v))
		}
	}
	return all
}
