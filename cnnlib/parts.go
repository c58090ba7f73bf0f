package cnnlib

import (
	"fmt"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// part is one of the layers that a layer consists of; its variables live in
// the sub-scope of its name.
type part struct {
	name  string
	layer Layer
}

// checkParts is the Info of the parts in sequence. Along each axis at most one
// of them may have a window larger than one pixel.
func checkParts(parts []part, in []int) (Info, error) {
	var all Info
	for _, p := range parts {
		info, err := p.layer.Check(in)
		if err != nil {
			return Info{}, fmt.Errorf("%s part (%s): %w", p.name, nameOf(p.layer, in), err)
		}
		for _, w := range info.Weights {
			w.Name = p.name + "/" + w.Name
			all.Weights = append(all.Weights, w)
		}
		all.MACs += info.MACs
		for i, w := range info.Window {
			if len(all.Window) <= i {
				all.Window = append(all.Window, w)
			} else if all.Window[i].Kernel == 1 && all.Window[i].Stride == 1 {
				all.Window[i] = w
			}
		}
		all.Output, in = info.Output, info.Output
	}
	return all, nil
}

func buildParts(parts []part, scope *model.Scope, x *graph.Node) *graph.Node {
	for _, p := range parts {
		x = p.layer.Build(scope.At("%s", p.name), x)
	}
	return x
}
