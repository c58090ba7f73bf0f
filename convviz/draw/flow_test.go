package draw_test

import (
	"math"
	"slices"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// card is a step for a map of that side.
func card(name string, side int) draw.FlowStep {
	return draw.FlowStep{Box: draw.Box{Name: name, Lines: []string{"a line of " + name}, Height: side, Width: side, Channels: 4}, Mark: "1." + name}
}

// fork joins lanes.
func fork(name string, lanes ...[]draw.FlowStep) draw.FlowStep {
	s := card(name, 8)
	s.Lanes, s.Sign = lanes, "+"
	return s
}

// at is where a text starts.
func at(t *testing.T, all []picturetest.Element, text string) (x, y float64) {
	t.Helper()
	i := slices.IndexFunc(all, func(e picturetest.Element) bool { return e.Text == text })
	if i < 0 {
		t.Fatalf("no text %q", text)
	}
	return all[i].Float(t, "x"), all[i].Float(t, "y")
}

func TestLanesLieSideBySide(t *testing.T) {
	f := draw.Flow{Title: "Flow", Note: "note", Steps: []draw.FlowStep{card("in", 8),
		fork("sum", []draw.FlowStep{card("left", 8), card("below", 4)}, nil, []draw.FlowStep{card("right", 2)}),
		{Box: draw.Box{Name: "frame"}, Framed: []draw.FlowStep{card("framed", 1), fork("inner", nil, []draw.FlowStep{card("body", 8)})}}, card("out", 8)}}
	p, err := f.Draw()
	all := picturetest.Check(t, p, err)
	picturetest.Apart(t, all)
	lx, ly := at(t, all, "left")
	rx, ry := at(t, all, "right")
	bx, by := at(t, all, "below")
	if ly != ry || lx >= rx || bx != lx || by <= ly {
		t.Errorf("left at %g, %g, below at %g, %g, right at %g, %g", lx, ly, bx, by, rx, ry)
	}
	above := math.Inf(-1)
	for _, name := range []string{"in", "left", "sum", "framed", "body", "inner", "out"} {
		if _, y := at(t, all, name); y <= above {
			t.Errorf("%s is not below what it takes", name)
		} else {
			above = y
		}
	}
	if want := "Flow: 1.in in, a line of in → [1.left left, a line of left → 1.below below, a line of below | – | 1.right right, a line of right] + 1.sum sum, a line of sum → " +
		"frame: [1.framed framed, a line of framed → [– | 1.body body, a line of body] + 1.inner inner, a line of inner] → 1.out out, a line of out. note"; p.Alt != want {
		t.Errorf("alt text %q, want %q", p.Alt, want)
	}
}
