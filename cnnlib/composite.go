package cnnlib

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Composite is a layer that is made of others, as Sequential, Branches and
// SeparableConv are. Its Check must be CheckParts and its Build BuildParts, so
// that all that is told of the parts holds for the whole:
//
//	func (b Block) Parts(in []int) (cnnlib.Parts, error) { … }
//	func (b Block) Check(in []int) (cnnlib.Info, error)  { return cnnlib.CheckParts(b, in) }
//	func (b Block) Build(scope *model.Scope, x *graph.Node) *graph.Node {
//		return cnnlib.BuildParts(b, scope, x)
//	}
type Composite interface {
	Layer
	// Parts gives the layers that this one is made of for one example of shape
	// in, or tells why it cannot take that.
	Parts(in []int) (Parts, error)
}

// Parts are the layers that a Composite is made of.
type Parts struct {
	Layers []Part
	// Parallel parts each take the composite's input, and Join joins what they
	// give. Otherwise each part takes what the one before it gives.
	Parallel bool
	Join     Join
}

// Part is a layer at its place in a Composite.
type Part struct {
	// Path is the part's element of a Path, such as "0" or "depthwise"; its
	// variables live in the sub-scope of that name. Without one the part stands
	// in the place of the whole.
	Path string
	// Name is the module's element of the names in PyTorch's state dicts, as
	// "conv1"; "" adds none.
	Name  string
	Layer Layer // nil gives what it takes
}

// series are parts one after the other.
func series(parts ...Part) Parts { return Parts{Layers: parts} }

// numbered are parts whose paths and names are their indexes.
func numbered(layers []Layer) []Part {
	parts := make([]Part, len(layers))
	for i, layer := range layers {
		index := fmt.Sprint(i)
		parts[i] = Part{Path: index, Name: index, Layer: layer}
	}
	return parts
}

// CheckParts is what a Composite's Check calls: it checks every part for the
// shape that reaches it. An error names the part by its path.
func CheckParts(l Composite, in []int) (Info, error) {
	p, err := resolve(l, in, "", "", "")
	if err != nil {
		return Info{}, err
	}
	return p.Info, nil
}

// BuildParts is what a Composite's Build calls: it adds every part to the graph
// of x, [batch, in...]. It panics, as graph building does, when the parts do
// not fit x.
func BuildParts(l Composite, scope *model.Scope, x *graph.Node) *graph.Node {
	parts, err := l.Parts(x.Shape().Dimensions[1:])
	if err != nil {
		panic(fmt.Errorf("cnnlib: %s: %w", l.Name(), err))
	}
	build := func(p Part, x *graph.Node) *graph.Node {
		if p.Layer == nil {
			return x
		}
		return p.Layer.Build(scopeAt(scope, p.Path), x)
	}
	if !parts.Parallel {
		for _, p := range parts.Layers {
			x = build(p, x)
		}
		return x
	}
	results := make([]*graph.Node, len(parts.Layers))
	for i, p := range parts.Layers {
		results[i] = build(p, x)
	}
	return parts.Join.build(results)
}
