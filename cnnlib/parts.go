package cnnlib

import (
	"fmt"

	"convlab/internal/geometry"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// part is one of the layers that a layer consists of; its variables live in
// the sub-scope of its name.
type part struct {
	name  string
	layer Layer
}

// ofParts is a layer that is others in sequence.
type ofParts interface{ parts(axes int) []part }

// checkParts is the Info of the parts in sequence. Along each axis at most one
// of them may have a window larger than one pixel.
func checkParts(l ofParts, in []int) (Info, error) {
	spatial, _, err := images(in)
	if err != nil {
		return Info{}, err
	}
	var all Info
	for _, p := range l.parts(len(spatial)) {
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

func buildParts(l ofParts, scope *model.Scope, x *graph.Node) *graph.Node {
	for _, p := range l.parts(x.Rank() - 2) {
		x = p.layer.Build(scope.At("%s", p.name), x)
	}
	return x
}

// reachOfParts is the reach of a layer that has been checked for in.
func reachOfParts(l ofParts, in []int) geometry.Reach {
	r := geometry.SelfReach(in[len(in)-1])
	for _, p := range l.parts(len(in) - 1) {
		r = r.Then(reachOf(p.layer, in))
		info, err := p.layer.Check(in)
		if err != nil {
			panic(err) // the whole layer has been checked
		}
		in = info.Output
	}
	return r
}

func plansOfParts(l ofParts, b compute.Backend, dims []int) []layerPlan {
	var all []layerPlan
	for _, p := range l.parts(len(dims) - 2) {
		all = append(all, p.layer.(planner).plans(b, dims)...)
		info, err := p.layer.Check(dims[1:])
		if err != nil {
			return all
		}
		dims = append([]int{dims[0]}, info.Output...)
	}
	return all
}
