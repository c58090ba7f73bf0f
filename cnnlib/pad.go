package cnnlib

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"convlab/cnnlib/internal/lower"
	"convlab/internal/geometry"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// PadMode says what Pad puts around the image.
type PadMode int

// What Pad can put around the image.
const (
	PadConstant  PadMode = iota // Pad's Value
	PadReflect                  // what is inside, mirrored at the outermost pixel: c b | a b c | b a
	PadReplicate                // the outermost pixel again and again: a a | a b c | c c
)

// Pad puts pixels around the image: zeros, another value, or copies of its
// own.
//
// x: [batch, height, width, channels] → [batch, height + 2·Size, width +
// 2·Size, channels].
type Pad struct {
	Size  int      // pixels before and after every spatial axis
	Sides [][2]int // if set, the pixels before and after each spatial axis, in place of Size
	Mode  PadMode
	Value float64 // of PadConstant
}

// Name implements Layer.
func (p Pad) Name() string {
	text := fmt.Sprint(p.Size)
	if p.Sides != nil {
		sides := make([]string, len(p.Sides))
		for i, s := range p.Sides {
			sides[i] = fmt.Sprintf("%d+%d", s[0], s[1])
		}
		text = strings.Join(sides, "x")
	}
	switch {
	case p.Mode == PadReflect:
		text += " reflect"
	case p.Mode == PadReplicate:
		text += " replicate"
	case p.Value != 0:
		text += fmt.Sprintf(" with %g", p.Value)
	}
	return "Pad " + text
}

// sides is the pixels before and after each of so many axes.
func (p Pad) sides(axes int) ([][2]int, error) {
	if p.Sides == nil {
		return slices.Repeat([][2]int{{p.Size, p.Size}}, axes), nil
	}
	if p.Size != 0 {
		return nil, fmt.Errorf("set either Size or Sides, not both")
	}
	if len(p.Sides) != axes {
		return nil, fmt.Errorf("there are Sides for %d spatial axes, the input has %d", len(p.Sides), axes)
	}
	return p.Sides, nil
}

// Check implements Layer.
func (p Pad) Check(in []int) (Info, error) {
	spatial, channels, err := images(in)
	if err != nil {
		return Info{}, err
	}
	sides, err := p.sides(len(spatial))
	if err != nil {
		return Info{}, err
	}
	if p.Mode < PadConstant || p.Mode > PadReplicate {
		return Info{}, fmt.Errorf("there is no padding mode %d", p.Mode)
	}
	if p.Mode != PadConstant && p.Value != 0 {
		return Info{}, fmt.Errorf("a value, %g, is for PadConstant only", p.Value)
	}
	var info Info
	for i, s := range sides {
		most, name := max(s[0], s[1]), geometry.AxisName(i, len(sides))
		switch {
		case min(s[0], s[1]) < 0:
			return Info{}, fmt.Errorf("%s: padding must not be negative, got %d before and %d after", name, s[0], s[1])
		case most > math.MaxInt32:
			return Info{}, fmt.Errorf("%s: padding %d before and %d after is too large", name, s[0], s[1])
		case p.Mode == PadReflect && most >= spatial[i]:
			return Info{}, fmt.Errorf("%s: %d pixels have no reflection of %d before and %d after: at most %d", name, spatial[i], s[0], s[1], spatial[i]-1)
		}
		info.Output = append(info.Output, spatial[i]+s[0]+s[1])
		info.Window = append(info.Window, Sliding{Window: Window{Kernel: 1, Stride: 1, Dilation: 1, PadBefore: s[0], PadAfter: s[1]}})
	}
	info.Output = append(info.Output, channels)
	_, err = geometry.Size(info.Output...)
	return info, err
}

// Reach implements Reacher.
func (p Pad) Reach(in []int) (Reach, error) { return SelfReach(in[len(in)-1]), nil }

// Span implements Spanner.
func (p Pad) Span(in []int, axis, first, last int) (from, to int) {
	sides, err := p.sides(len(in) - 1)
	if err != nil || axis >= len(sides) {
		return 0, -1
	}
	n, before := in[axis], sides[axis][0]
	if p.Mode == PadConstant {
		return first - before, last - before
	}
	from, to = n-1, 0
	for o := first; o <= last; o++ {
		i := p.place(o-before, n)
		from, to = min(from, i), max(to, i)
	}
	return from, to
}

// copied is the places before and after n pixels that the padding copies.
func (p Pad) copied(n int, side [2]int) (before, after []int) {
	for i := side[0]; i > 0; i-- {
		before = append(before, p.place(-i, n))
	}
	for i := range side[1] {
		after = append(after, p.place(n+i, n))
	}
	return before, after
}

// place is the pixel of n that stands at i, which may be outside.
func (p Pad) place(i, n int) int {
	switch {
	case p.Mode == PadReplicate:
		return min(max(i, 0), n-1)
	case i < 0:
		return -i
	case i >= n:
		return 2*(n-1) - i
	}
	return i
}

// Build implements Layer.
func (p Pad) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	in := x.Shape().Dimensions[1:]
	if _, err := p.Check(in); err != nil {
		panic(fmt.Errorf("cnnlib: %s: %w", p.Name(), err))
	}
	sides, _ := p.sides(len(in) - 1)
	if p.Mode == PadConstant {
		return lower.Surround(x, sides, float32(p.Value))
	}
	for i, s := range sides {
		before, after := p.copied(in[i], s)
		x = lower.Extend(x, i+1, before, after)
	}
	return x
}
