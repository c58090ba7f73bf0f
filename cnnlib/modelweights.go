package cnnlib

import (
	"fmt"
	"slices"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// variable finds a weight of the layer at path.
func (m *Model) variable(path Path, name string) (*model.Variable, error) {
	p, err := m.root.At(path)
	if err != nil {
		return nil, err
	}
	v := m.store.GetVariable(p.Scope() + "/" + name)
	if v != nil {
		return v, nil
	}
	var names []string
	for _, w := range p.Info.Weights {
		names = append(names, w.Name)
	}
	return nil, fmt.Errorf("cnnlib: %s has no weight %q; its weights are %q", p.spoken(), name, names)
}

// Weight returns a copy of one weight of the layer at path, "weight" or
// "bias", flat in row-major order, and its shape.
func (m *Model) Weight(path Path, name string) (values []float32, shape []int, err error) {
	v, err := m.variable(path, name)
	if err != nil {
		return nil, nil, err
	}
	t, err := v.Value()
	if err != nil {
		return nil, nil, fmt.Errorf("cnnlib: %s: %w", v.Path(), err)
	}
	values, err = tensors.CopyFlatData[float32](t)
	return values, slices.Clone(v.Shape().Dimensions), err
}

// SetWeight replaces one weight of the layer at path, "weight" or "bias", by
// values in the row-major order of its shape.
func (m *Model) SetWeight(path Path, name string, values []float32) error {
	v, err := m.variable(path, name)
	if err != nil {
		return err
	}
	if v.Shape().Size() != len(values) {
		return fmt.Errorf("cnnlib: %s has shape %v, got %d values", v.Path(), v.Shape().Dimensions, len(values))
	}
	return v.SetValue(tensors.FromFlatDataAndDimensions(values, v.Shape().Dimensions...))
}
