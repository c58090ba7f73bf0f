package cnnlib

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Sequential is layers in series: each takes what the one before it gives. A
// network is a Sequential; so may be a layer of one.
type Sequential []Layer

// Name implements Layer.
func (s Sequential) Name() string { return "Sequential" }

// Parts implements Composite.
func (s Sequential) Parts([]int) (Parts, error) {
	if len(s) == 0 {
		return Parts{}, fmt.Errorf("there are no layers in it")
	}
	return Parts{Layers: numbered(s)}, nil
}

// Check returns what the network does to examples of shape in, or an error
// that names the layer that cannot take its input, and why. Nothing is
// compiled.
func (s Sequential) Check(in []int) (Info, error) {
	p, err := Resolve(s, in)
	if err != nil {
		return Info{}, err
	}
	return p.Info, nil
}

// Build adds all layers to the graph of x: [batch, in...]; layer i has its
// variables in the sub-scope "i", as in PyTorch's state dicts.
func (s Sequential) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	return BuildParts(s, scope, x)
}
