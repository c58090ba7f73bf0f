package cnnlib

import (
	"fmt"
	"slices"
)

// ReceptiveField is what a unit of the layer at path sees of an input of shape
// in, per spatial axis: how many pixels, how far the next unit's are, and where
// those of unit 0 start (lesson 2.1). Behind branches it is the hull of what
// all paths see; behind layers that enlarge, the units differ, and Size is that
// of the one that sees most.
func (s Sequential) ReceptiveField(in []int, path Path) ([]ReceptiveField, error) {
	root, p, err := s.place(in, path)
	if err != nil {
		return nil, err
	}
	return root.receptiveField(p)
}

func (p *Place) receptiveField(q *Place) ([]ReceptiveField, error) {
	fields, errs := p.fields()
	if err := errs[q]; err != nil {
		return nil, fmt.Errorf("cnnlib: receptive field: %w", err)
	}
	if fields[q] == nil {
		return nil, fmt.Errorf("cnnlib: %s: its units see the whole input", q.spoken())
	}
	return fields[q], nil
}

// spoken names a place in an error.
func (p *Place) spoken() string {
	if p.Path == "" {
		return "the whole network"
	}
	return fmt.Sprintf("layer %s (%s)", p.Path, p.Title())
}

// place resolves the network and finds one of its places.
func (s Sequential) place(in []int, path Path) (root, p *Place, err error) {
	if root, err = Resolve(s, in); err != nil {
		return nil, nil, err
	}
	p, err = root.At(path)
	return root, p, err
}

// Sees returns the box of input pixels that one unit of the layer at path
// sees, cut off at the borders: rows from[0] to to[0] and columns from[1] to
// to[1], all included. unit has a coordinate for each spatial axis. from > to
// means that it sees nothing, such as a unit that reads only padding.
func (s Sequential) Sees(in []int, path Path, unit ...int) (from, to []int, err error) {
	root, p, err := s.place(in, path)
	if err != nil {
		return nil, nil, err
	}
	if _, err := root.receptiveField(p); err != nil {
		return nil, nil, err
	}
	out := p.Info.Output
	if len(unit) != len(out)-1 {
		return nil, nil, fmt.Errorf("cnnlib: %s has %d spatial axes, got unit %v", p.spoken(), len(out)-1, unit)
	}
	chain := root.before(p)
	for axis, at := range unit {
		if at < 0 || at >= out[axis] {
			return nil, nil, fmt.Errorf("cnnlib: %s has output shape %v, no unit %v", p.spoken(), out, unit)
		}
		units := make([]bool, out[axis])
		units[at] = true
		pixels := readBy(chain, axis, units)
		from, to = append(from, max(slices.Index(pixels, true), 0)), append(to, lastOf(pixels))
	}
	return from, to, nil
}

// lastOf is the last index that is true, -1 if there is none.
func lastOf(marks []bool) int {
	last := -1
	for i, mark := range marks {
		if mark {
			last = i
		}
	}
	return last
}

// readBy marks the positions along an axis of the input of a chain that the
// marked units of its end see.
func readBy(chain []*Place, axis int, units []bool) []bool {
	for _, p := range slices.Backward(chain) {
		units = p.readBy(axis, units)
	}
	return units
}

func (p *Place) readBy(axis int, units []bool) []bool {
	switch {
	case len(p.Parts) > 0 && !p.Parallel:
		return readBy(p.Parts, axis, units)
	case len(p.Parts) > 0:
		all := make([]bool, p.In[axis])
		for _, q := range p.Parts {
			of := units
			if q.Info.Output[axis] == 1 { // the join spreads it
				of = []bool{slices.Contains(units, true)}
			}
			for i, mark := range q.readBy(axis, of) {
				all[i] = all[i] || mark
			}
		}
		return all
	}
	spanner, irregular := p.Layer.(Spanner)
	if p.Info.Window == nil && !irregular {
		return units
	}
	all := make([]bool, p.In[axis])
	mark := func(i int) {
		if i >= 0 && i < len(all) {
			all[i] = true
		}
	}
	for unit, marked := range units {
		switch {
		case !marked:
		case irregular:
			from, to := spanner.Span(p.In, axis, unit, unit)
			for i := from; i <= to; i++ {
				mark(i)
			}
		default:
			w := p.Info.Window[axis]
			for tap := range w.Kernel {
				switch at := unit + w.PadBefore - tap*w.Dilation; {
				case !w.Transposed:
					mark(unit*w.Stride - w.PadBefore + tap*w.Dilation)
				case at%w.Stride == 0:
					mark(at / w.Stride)
				}
			}
		}
	}
	return all
}
