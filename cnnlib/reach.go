package cnnlib

import (
	"fmt"
	"slices"

	"convlab/internal/geometry"
)

// Reach tells which input channels each output channel can see:
// Reach[out][in].
type Reach [][]bool

// SelfReach is the reach of channels on themselves alone.
func SelfReach(channels int) Reach { return Reach(geometry.SelfReach(channels)) }

// GroupReach is the reach of a layer with groups, of which an output sees the
// inputs of its own (lesson 1.8); with 1 group every output sees every input.
// Both counts have to be multiples of groups.
func GroupReach(in, out, groups int) Reach { return Reach(geometry.GroupReach(in, out, groups)) }

// Then is the reach of next after r.
func (r Reach) Then(next Reach) Reach { return Reach(geometry.Reach(r).Then(geometry.Reach(next))) }

// Share is the part of all pairs (output, input) that are connected, 0 to 1.
func (r Reach) Share() float64 { return geometry.Reach(r).Share() }

// Reacher is a layer that tells which channels it connects. Pointwise layers
// need not.
type Reacher interface {
	Layer
	// Reach gives the reach on one example of shape in, or why there is none.
	Reach(in []int) (Reach, error)
}

func groupReach(c convolution, in []int) (Reach, error) {
	a, _, err := c.arithmetic(in)
	if err != nil {
		return nil, err
	}
	return GroupReach(a.In, a.Out, a.Groups), nil
}

// Reach implements Reacher.
func (c Conv) Reach(in []int) (Reach, error) { return groupReach(c, in) }

// Reach implements Reacher.
func (c TransposedConv) Reach(in []int) (Reach, error) { return groupReach(c, in) }

// Reach implements Reacher.
func (c DepthwiseConv) Reach(in []int) (Reach, error) { return groupReach(c, in) }

// Reach implements Reacher.
func (d Dense) Reach(in []int) (Reach, error) { return GroupReach(in[0], d.Out, 1), nil }

// Reach implements Reacher.
func (Flatten) Reach(in []int) (Reach, error) {
	channels := in[len(in)-1]
	positions := geometry.Volume(in) / channels
	return GroupReach(channels, channels*positions, channels), nil
}

// Reach implements Reacher.
func (p MaxPool) Reach(in []int) (Reach, error) { return SelfReach(in[len(in)-1]), nil }

// Reach implements Reacher.
func (p AvgPool) Reach(in []int) (Reach, error) { return SelfReach(in[len(in)-1]), nil }

// Reach implements Reacher.
func (GlobalAvgPool) Reach(in []int) (Reach, error) { return SelfReach(in[len(in)-1]), nil }

// Reach implements Reacher.
func (GlobalMaxPool) Reach(in []int) (Reach, error) { return SelfReach(in[len(in)-1]), nil }

// Reach implements Reacher.
func (c ChannelShuffle) Reach(in []int) (Reach, error) {
	return Reach(geometry.ShuffleReach(in[len(in)-1], c.Groups)), nil
}

// reach is the reach of a place, of its parts where it has any.
func (p *Place) reach() (Reach, error) {
	channels := p.In[len(p.In)-1]
	switch {
	case len(p.Parts) == 0 && p.Info.Pointwise:
		return SelfReach(channels), nil
	case len(p.Parts) == 0:
		r, ok := p.Layer.(Reacher)
		if !ok {
			return nil, &layerError{p.Path, p.Title(), fmt.Errorf("it does not tell which channels it connects: write Reach (cnnlib.Reacher)")}
		}
		reach, err := r.Reach(p.In)
		out := p.Info.Output[len(p.Info.Output)-1]
		if err == nil && (len(reach) != out || slices.ContainsFunc(reach, func(row []bool) bool { return len(row) != channels })) {
			err = fmt.Errorf("its Reach is not for %d output and %d input channels", out, channels)
		}
		if err != nil {
			return nil, wrong(p.Path, p.Layer, p.In, err)
		}
		return reach, nil
	case !p.Parallel:
		all := SelfReach(channels)
		for _, q := range p.Parts {
			r, err := q.reach()
			if err != nil {
				return nil, err
			}
			all = all.Then(r)
		}
		return all, nil
	}
	var all Reach
	for i, q := range p.Parts {
		r, err := q.reach()
		if err != nil {
			return nil, err
		}
		if i == 0 || p.Join == Concat {
			all = append(all, r...)
		} else {
			all = all.or(r)
		}
	}
	return all, nil
}

// or is the reach of a sum of two, where one channel fits any number.
func (r Reach) or(other Reach) Reach {
	both := make(Reach, max(len(r), len(other)))
	for o := range both {
		a, b := r[min(o, len(r)-1)], other[min(o, len(other)-1)]
		both[o] = make([]bool, len(a))
		for c := range a {
			both[o][c] = a[c] || b[c]
		}
	}
	return both
}

// Reach tells which channels of an input of shape in each output channel can
// see, whatever the weights are (lessons 1.8 and 1.9).
func (s Sequential) Reach(in []int) (Reach, error) {
	p, err := Resolve(s, in)
	if err != nil {
		return nil, err
	}
	r, err := p.reach()
	if err != nil {
		return nil, fmt.Errorf("cnnlib: reach: %w", err)
	}
	return r, nil
}
