package cnnlib

import (
	"fmt"
	"slices"

	"convlab/internal/geometry"
)

// ReceptiveField is what one unit sees of the network's input along one axis (lesson
// 2.1).
type ReceptiveField struct {
	Size  int     // pixels seen, from the first to the last
	Jump  float64 // input pixels between two neighbouring units
	Start float64 // first pixel that unit 0 sees; below 0 in the padding
}

// Spanner is a layer with spatial axes whose windows are not all alike, such
// as AdaptiveAvgPool, so that Info.Window cannot describe them. A layer that
// has both, such as Pad with PadReflect, has windows that are alike except at
// the borders.
type Spanner interface {
	Layer
	// Span gives the first and the last input position along a spatial axis
	// that the output positions first to last read, which there are. in is the
	// shape of one example.
	Span(in []int, axis, first, last int) (from, to int)
}

// sight is what the units of a place see along one axis.
type sight struct {
	field geometry.Field
	// Units differ where something was enlarged: the field is then that of
	// the one among the first so many that sees most; 1 if all are alike.
	alike     int
	resized   bool  // by a Spanner: the jump is that of the mean
	placeless bool  // it went through a single unit, which lies everywhere: where units lie after it is a choice
	all       bool  // every unit sees the whole input
	err       error // why it is not known
}

// sees is what the units of p see along an axis if those of its input have the
// sight s. Each place on the way is noted.
func (p *Place) sees(axis int, s sight, note func(*Place, sight)) sight {
	s = p.through(axis, s, note)
	if len(p.Info.Output) != len(p.In) || len(p.In) < 2 {
		s = sight{all: true}
	} else if p.Info.Output[axis] == 1 {
		s.placeless = true
	}
	note(p, s)
	return s
}

func (p *Place) through(axis int, s sight, note func(*Place, sight)) sight {
	switch {
	case len(p.Parts) > 0 && !p.Parallel:
		for _, q := range p.Parts {
			s = q.sees(axis, s, note)
		}
		return s
	case len(p.Parts) > 0:
		joined, jump, spread := sight{}, 0.0, false
		for i, q := range p.Parts {
			one := q.sees(axis, s, note)
			if one.err == nil && !one.all {
				single := q.Info.Output[axis] == 1
				spread = spread || single && p.Info.Output[axis] > 1
				if jump == 0 || !single {
					jump = one.field.Jump
				}
			}
			if i == 0 {
				joined = one
			} else {
				joined = joined.hull(one)
			}
		}
		joined.field.Jump = jump
		if spread { // one unit for all places: what is seen with it depends on the place
			joined.alike = min(p.Info.Output[axis], mostUnits)
		}
		return joined
	case s.all || s.err != nil || p.Info.Pointwise:
		return s
	case p.Info.Window != nil:
		w := p.Info.Window[axis].geometry()
		s.field = s.field.Through(w)
		if w.Transposed {
			s.alike = min(s.alike*w.Stride, mostUnits)
		}
		return s
	}
	if spanner, ok := p.Layer.(Spanner); ok {
		in, out := p.In[axis], p.Info.Output[axis]
		from, to := spanner.Span(p.In, axis, 0, 0)
		jump := float64(in) / float64(out) * s.field.Jump
		s.field = geometry.Field{Size: s.field.Size + int(float64(to-from)*s.field.Jump), Jump: jump, Start: s.field.Start + float64(from)*s.field.Jump}
		s.alike, s.resized = min(out, mostUnits), true
		return s
	}
	if len(p.Info.Output) != len(p.In) {
		return sight{all: true}
	}
	return sight{err: &layerError{p.Path, p.Title(), fmt.Errorf("it does not tell what its units see: give its Info a Window or Pointwise, or write Span (cnnlib.Spanner)")}}
}

// mostUnits bounds how many units are looked at one by one.
const mostUnits = 1 << 12

// hull is the sight of units that see what s sees and what t sees; its jump is
// left to the caller.
func (s sight) hull(t sight) sight {
	switch {
	case s.err != nil:
		return s
	case t.err != nil:
		return t
	case s.all || t.all:
		return sight{all: true}
	}
	first := min(s.field.Start, t.field.Start)
	last := max(s.field.Start+float64(s.field.Size), t.field.Start+float64(t.field.Size))
	s.field = geometry.Field{Size: int(last - first), Start: first}
	s.alike, s.resized = max(s.alike, t.alike), s.resized || t.resized
	return s
}

// checkGrid refuses branches whose strides differ: unit by unit they would lie
// at different places of the input. What was resized to a size, as by Upsample
// after a pool that dropped a rest, may have a stride that differs by less than
// a factor of 2, which is the most that rounding makes of it.
func (p *Place) checkGrid() error {
	for axis := range len(p.In) - 1 {
		first, jump, resized := -1, 0.0, false
		for i, q := range p.Parts {
			if len(q.Info.Output) != len(p.In) || q.Info.Output[axis] == 1 {
				continue // one unit lies everywhere
			}
			s := q.sees(axis, sight{field: geometry.Input, alike: 1}, func(*Place, sight) {})
			if s.all || s.err != nil || s.placeless {
				continue
			}
			resized = resized || s.resized
			if apart := max(s.field.Jump, jump) / min(s.field.Jump, jump); first >= 0 && apart > 1+1e-9 && (!resized || apart >= 2) {
				return fmt.Errorf("along the %s branch %d has a stride of %g, branch %d one of %g: units that are joined have to lie at the same places",
					geometry.AxisName(axis, len(p.In)-1), first, jump, i, s.field.Jump)
			}
			first, jump = i, s.field.Jump
		}
	}
	return nil
}

// fields is the receptive field of every place, per spatial axis: nil where a
// unit sees the whole input, and the error where it is not known.
func (p *Place) fields() (map[*Place][]ReceptiveField, map[*Place]error) {
	fields, errs := make(map[*Place][]ReceptiveField), make(map[*Place]error)
	for axis := range max(len(p.In)-1, 0) {
		p.sees(axis, sight{field: geometry.Input, alike: 1}, func(q *Place, s sight) {
			switch {
			case s.err != nil:
				errs[q] = s.err
			case !s.all:
				f := s.field
				if s.alike > 1 {
					f = p.widest(q, axis, s)
				}
				fields[q] = append(fields[q], ReceptiveField{f.Size, f.Jump, f.Start})
			}
		})
	}
	for q := range fields {
		if len(fields[q]) != len(p.In)-1 {
			delete(fields, q) // along another axis it sees all, or it is not known
		}
	}
	return fields, errs
}

// widest is the field of the unit of q that sees most, and the start of unit 0.
func (p *Place) widest(q *Place, axis int, s sight) geometry.Field {
	chain := p.before(q)
	f := geometry.Field{Jump: s.field.Jump}
	for unit := range min(s.alike, q.Info.Output[axis]) {
		first, last := spanOf(chain, axis, unit, unit)
		if unit == 0 {
			f.Start = float64(first)
		}
		f.Size = max(f.Size, last-first+1)
	}
	return f
}

// before lists what the input passes up to q and q itself, in order.
func (p *Place) before(q *Place) []*Place {
	if p == q {
		return []*Place{p}
	}
	for i, part := range p.Parts {
		if chain := part.before(q); chain != nil {
			if p.Parallel {
				return chain
			}
			return append(slices.Clone(p.Parts[:i]), chain...)
		}
	}
	return nil
}

// spanOf is the range of inputs that the units first to last of the end of a
// chain see along an axis, in the padding too; first > last means none.
func spanOf(chain []*Place, axis, first, last int) (int, int) {
	for i := len(chain) - 1; i >= 0 && first <= last; i-- {
		first, last = chain[i].span(axis, first, last)
	}
	return first, last
}

func (p *Place) span(axis, first, last int) (int, int) {
	switch {
	case len(p.Parts) > 0 && !p.Parallel:
		return spanOf(p.Parts, axis, first, last)
	case len(p.Parts) > 0:
		from, to := 0, -1
		for _, q := range p.Parts {
			f, l := first, last
			if q.Info.Output[axis] == 1 {
				f, l = 0, 0 // the join spreads it
			}
			if f, l = q.span(axis, f, l); f > l {
				continue
			}
			if from > to {
				from, to = f, l
			}
			from, to = min(from, f), max(to, l)
		}
		return from, to
	}
	if s, ok := p.Layer.(Spanner); ok {
		if first, last = max(first, 0), min(last, p.Info.Output[axis]-1); first > last {
			return first, last // padding only
		}
		return s.Span(p.In, axis, first, last)
	}
	if p.Info.Window != nil {
		return p.Info.Window[axis].geometry().Inputs(first, last)
	}
	return first, last
}
