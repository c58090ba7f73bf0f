package cnnlib

import (
	"fmt"
	"slices"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Step is a layer that other programs have too: a layer of parts, as
// SeparableConv, is one step for each.
type Step struct {
	Layer Layer
	Index int    // of the layer in the network
	Part  string // "" or, in a layer of parts, "depthwise"
	In    []int  // shape of one example before it
	Info  Info
}

// Scope is the path of the step's variables in a model's store: "/net/3" or
// "/net/3/depthwise".
func (s Step) Scope() string {
	if s.Part == "" {
		return fmt.Sprintf("/net/%d", s.Index)
	}
	return fmt.Sprintf("/net/%d/%s", s.Index, s.Part)
}

// Title is the step's name on its input, as "Conv 6@3x3".
func (s Step) Title() string { return nameOf(s.Layer, s.In) }

// Steps takes the network apart for examples of shape in.
func (s Sequential) Steps(in []int) ([]Step, error) {
	if _, err := s.infos(in); err != nil {
		return nil, err
	}
	var steps []Step
	for i, layer := range s {
		for _, p := range partsOf(layer, in) {
			info, err := p.layer.Check(in)
			if err != nil {
				return nil, fmt.Errorf("cnnlib: layer %d (%s): %w", i, nameOf(layer, in), err)
			}
			steps = append(steps, Step{p.layer, i, p.name, slices.Clone(in), info})
			in = info.Output
		}
	}
	return steps, nil
}

func partsOf(layer Layer, in []int) []part {
	switch l := layer.(type) {
	case ofParts:
		return l.parts(len(in) - 1)
	case ShuffledConv:
		return []part{{"", l.conv()}, {"", ChannelShuffle{orOne(l.Groups)}}}
	}
	return []part{{"", layer}}
}

// Normalization is what the model does to pixels scaled to 0..1: it subtracts
// mean and divides by std, one number per channel.
func (m *Model) Normalization() (mean, std []float32) {
	return slices.Clone(m.mean), slices.Clone(m.std)
}

// Activations gives the output of every step, computed in float32, for one image of
// height·width·channels bytes, each [1, output...].
func (m *Model) Activations(pixels []uint8) ([]*tensors.Tensor, error) {
	if len(pixels) != int(product(m.In)) {
		return nil, fmt.Errorf("cnnlib: an image of shape %v is %d bytes, got %d", m.In, product(m.In), len(pixels))
	}
	steps, err := m.Net.Steps(m.In)
	if err != nil {
		return nil, err
	}
	exec, err := model.NewExec(m.backend, m.store, func(scope *model.Scope, pixels *graph.Node) []*graph.Node {
		x := m.input(pixels)
		var all []*graph.Node
		for _, s := range steps {
			x = s.Layer.Build(m.store.Scope(s.Scope()), x)
			all = append(all, x)
		}
		return all
	})
	if err != nil {
		return nil, fmt.Errorf("cnnlib: activations: %w", err)
	}
	defer exec.Finalize()
	all, err := exec.Call(tensors.FromFlatDataAndDimensions(slices.Clone(pixels), append([]int{1}, m.In...)...))
	if err != nil {
		return nil, fmt.Errorf("cnnlib: activations: %w", err)
	}
	return all, nil
}
