package cnnlib

import (
	"fmt"

	"convlab/internal/geometry"
)

// stacks gives, for each layer, the windows of the network up to it, per
// spatial axis: nil where a unit sees the whole input.
func stacks(infos []Info, in []int) [][][]Window {
	all := make([][][]Window, len(infos))
	if len(in) < 2 {
		return all
	}
	stack := make([][]Window, len(in)-1)
	for i, info := range infos {
		if len(info.Output) != len(in) {
			break // flattened or pooled to one
		}
		for axis, w := range info.Window {
			stack[axis] = append(stack[axis][:len(stack[axis]):len(stack[axis])], w)
		}
		all[i] = append([][]Window{}, stack...)
	}
	return all
}

// fieldsOf is the receptive field of each layer, per spatial axis; nil where a
// unit sees the whole input.
func fieldsOf(infos []Info, in []int) [][]Field {
	fields := make([][]Field, len(infos))
	for i, stack := range stacks(infos, in) {
		for _, windows := range stack {
			f := geometry.Input
			if len(windows) > 0 {
				all := geometry.Fields(windows)
				f = all[len(all)-1]
			}
			fields[i] = append(fields[i], f)
		}
	}
	return fields
}

// ReceptiveField is what a unit of layer sees of an input of shape in, per
// spatial axis: how many pixels, how far the next unit's are, and where those
// of unit 0 start (lesson 2.1).
func (s Sequential) ReceptiveField(in []int, layer int) ([]Field, error) {
	infos, err := s.infos(in)
	if err != nil {
		return nil, err
	}
	if layer < 0 || layer >= len(infos) {
		return nil, fmt.Errorf("cnnlib: layers are 0 to %d, got %d", len(infos)-1, layer)
	}
	fields := fieldsOf(infos, in)[layer]
	if fields == nil {
		return nil, fmt.Errorf("cnnlib: layer %d (%s) has no spatial axes: its units see the whole input", layer, s[layer].Name())
	}
	return fields, nil
}

// Sees is the box of input pixels that the unit of layer at these coordinates
// (one per spatial axis) sees, cut at the borders: rows from[0] to to[0],
// columns from[1] to to[1], both included. from > to means none.
func (s Sequential) Sees(in []int, layer int, unit ...int) (from, to []int, err error) {
	if _, err := s.ReceptiveField(in, layer); err != nil {
		return nil, nil, err
	}
	infos, err := s.infos(in)
	if err != nil {
		return nil, nil, err
	}
	out := infos[layer].Output
	if len(unit) != len(out)-1 {
		return nil, nil, fmt.Errorf("cnnlib: layer %d has %d spatial axes, got unit %v", layer, len(out)-1, unit)
	}
	for axis, windows := range stacks(infos, in)[layer] {
		if unit[axis] < 0 || unit[axis] >= out[axis] {
			return nil, nil, fmt.Errorf("cnnlib: layer %d has output shape %v, no unit %v", layer, out, unit)
		}
		first, last := geometry.Sees(windows, unit[axis])
		from, to = append(from, max(first, 0)), append(to, min(last, in[axis]-1))
	}
	return from, to, nil
}
