package lesson

import (
	"convlab/cnnlib"
	"convlab/convviz"
)

// Way is one of the networks that Compare times: a name and layers in series.
type Way struct {
	Name   string
	Layers cnnlib.Sequential
	In     []int // shape of one example; nil: that of the others
}

// A is a Way of these layers.
func A(name string, layers ...cnnlib.Layer) Way { return Way{Name: name, Layers: layers} }

// Compare shows what each way costs on an input of this shape, and what it
// takes in time: a training pass forward and back for a batch of 8. The ways
// are run by turns, several times each; the table prints the middle and the
// spread. All ratios are to the first way.
func Compare(in []int, ways ...Way) *convviz.ZooRows {
	rows := Times(in, 8, ways...)
	Show(rows.Table())
	return rows
}

// Times is what Compare shows, for a batch of this size, without the table.
func Times(in []int, batch int, ways ...Way) *convviz.ZooRows {
	b := must(cnnlib.OpenBackend())
	return must(measured(b.Backend, b.Name, in, batch, ways))
}
