package cnnlib

import (
	"fmt"
	"slices"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Branches sends its input through several layers side by side and joins what
// they give. With Sequential it is enough for residual blocks, Inception,
// dense blocks, U-Nets and squeeze-and-excitation.
//
// x: [batch, ...] → by Concat [batch, spatial..., sum of the channels], by Sum
// and Product [batch, sizes...], where a size of 1 fits every other size and
// [batch, channels] counts as [batch, 1..., channels].
type Branches struct {
	Layers []Layer // nil is a branch that gives its input
	Join   Join
}

// Residual adds what the layers give in series to their input: x + body(x) (He
// et al. 2015). Where the shortcut needs a layer of its own, write Branches.
func Residual(layers ...Layer) Layer {
	return Branches{Layers: []Layer{nil, Sequential(layers)}, Join: Sum}
}

// Name implements Layer.
func (b Branches) Name() string { return b.Join.String() }

// Parts implements Composite.
func (b Branches) Parts([]int) (Parts, error) {
	if len(b.Layers) == 0 {
		return Parts{}, fmt.Errorf("there are no branches")
	}
	return Parts{Layers: numbered(b.Layers), Parallel: true, Join: b.Join}, nil
}

// Check implements Layer.
func (b Branches) Check(in []int) (Info, error) { return CheckParts(b, in) }

// Build implements Layer.
func (b Branches) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	return BuildParts(b, scope, x)
}

// Join is how the results of branches become one.
type Join int

// The joins.
const (
	Concat  Join = iota // the channels of one after those of the other
	Sum                 // added up
	Product             // multiplied
)

// String is the join's name.
func (j Join) String() string {
	switch j {
	case Concat:
		return "Concat"
	case Sum:
		return "Sum"
	case Product:
		return "Product"
	}
	return fmt.Sprintf("Join %d", int(j))
}

// output is the shape that results of these shapes are joined to.
func (j Join) output(shapes [][]int) ([]int, error) {
	if j < Concat || j > Product {
		return nil, fmt.Errorf("there is no join %d: Concat, Sum and Product are 0, 1 and 2", int(j))
	}
	out := slices.Clone(shapes[0])
	for i, shape := range shapes[1:] {
		if j == Concat {
			last := len(out) - 1
			if len(shape) != len(out) || !slices.Equal(shape[:last], out[:last]) {
				return nil, fmt.Errorf("branch 0 gives %v, branch %d %v: Concat joins channels, all other sizes have to be equal", shapes[0], i+1, shape)
			}
			out[last] += shape[last]
			continue
		}
		joined, ok := broadcast(out, shape)
		if !ok {
			return nil, fmt.Errorf("branch 0 gives %v, branch %d %v: %s needs equal sizes, or sizes of 1", shapes[0], i+1, shape, j)
		}
		out = joined
	}
	return out, nil
}

// broadcast is the shape of a sum of a and b, and whether there is one.
func broadcast(a, b []int) ([]int, bool) {
	if len(a) < len(b) {
		a, b = b, a
	}
	if len(b) == 0 || len(b) != len(a) && len(b) != 1 {
		return nil, false
	}
	b = widened(b, len(a))
	out := make([]int, len(a))
	for i := range a {
		if a[i] != b[i] && a[i] != 1 && b[i] != 1 {
			return nil, false
		}
		out[i] = max(a[i], b[i])
	}
	return out, true
}

// widened is [channels] as [1..., channels].
func widened(shape []int, rank int) []int {
	return append(slices.Repeat([]int{1}, rank-len(shape)), shape...)
}

// build joins nodes [batch, ...].
func (j Join) build(results []*graph.Node) *graph.Node {
	if j == Concat {
		if len(results) == 1 {
			return results[0]
		}
		return graph.Concatenate(results, -1)
	}
	rank := 0
	for _, r := range results {
		rank = max(rank, r.Rank())
	}
	var all *graph.Node
	for _, r := range results {
		if r.Rank() < rank {
			dims := r.Shape().Dimensions
			r = graph.Reshape(r, append(dims[:1:1], widened(dims[1:], rank-1)...)...)
		}
		switch {
		case all == nil:
			all = r
		case j == Sum:
			all = graph.Add(all, r)
		default:
			all = graph.Mul(all, r)
		}
	}
	return all
}

// identity is a branch that gives its input.
type identity struct{}

func (identity) Name() string                                                    { return "Identity" }
func (identity) Check(in []int) (Info, error)                                    { return Info{Output: in, Pointwise: true}, nil }
func (identity) Build(_ *model.Scope, x *graph.Node) *graph.Node                 { return x }
func (identity) ONNX(_ ONNXGraph, x string, _ []int, _ []string) (string, error) { return x, nil }

// NamedLayer is a layer whose element in the names of PyTorch's state dicts is
// Module instead of its index, such as "conv1" in "layer1.0.conv1.weight". With an
// empty Module it adds no element: its parts' names stand in its place. All
// else is that of Layer; paths and checkpoints do not know the name.
type NamedLayer struct {
	Module string
	Layer  Layer
}

// Named gives a layer a NamedLayer's name.
func Named(module string, layer Layer) NamedLayer { return NamedLayer{module, layer} }

// Name implements Layer.
func (n NamedLayer) Name() string {
	if n.Layer == nil {
		return "nil"
	}
	return n.Layer.Name()
}

// Check implements Layer.
func (n NamedLayer) Check(in []int) (Info, error) {
	p, err := resolve(n, in, "", "", "")
	if err != nil {
		return Info{}, err
	}
	return p.Info, nil
}

// Build implements Layer.
func (n NamedLayer) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	if n.Layer == nil {
		return x
	}
	return n.Layer.Build(scope, x)
}
