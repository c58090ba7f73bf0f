package cnnlib

import (
	"fmt"
	"slices"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// Activations returns the outputs of all Root().Steps() for one image of
// height·width·channels bytes, computed in float32, each of shape [1,
// output...].
func (m *Model) Activations(pixels []uint8) ([]*tensors.Tensor, error) {
	if _, err := m.placeOf(pixels, 1, ""); err != nil {
		return nil, err
	}
	exec, err := model.NewExec(m.backend, m.store, func(_ *model.Scope, pixels *graph.Node) []*graph.Node {
		_, values := m.values(pixels, m.root)
		var all []*graph.Node
		for _, step := range m.root.Steps() {
			all = append(all, values[step])
		}
		return all
	})
	if err != nil {
		return nil, fmt.Errorf("cnnlib: activations: %w", err)
	}
	defer exec.Finalize()
	all, err := exec.Call(tensors.FromFlatDataAndDimensions(slices.Clone(pixels), append([]int{1}, m.root.In...)...))
	if err != nil {
		return nil, fmt.Errorf("cnnlib: activations: %w", err)
	}
	return all, nil
}
