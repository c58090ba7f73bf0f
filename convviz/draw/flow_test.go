package draw_test

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// card is a step for a map of that side.
func card(name string, side int) draw.Step {
	return draw.Step{Box: draw.Box{Name: name, Lines: []string{"a line of " + name}, Height: side, Width: side, Channels: 4}, Mark: "1." + name}
}

// fork joins lanes.
func fork(name string, lanes ...[]draw.Step) draw.Step {
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
	f := draw.Flow{Title: "Flow", Note: "note", Steps: []draw.Step{card("in", 8),
		fork("sum", []draw.Step{card("left", 8), card("below", 4)}, nil, []draw.Step{card("right", 2)}),
		{Box: draw.Box{Name: "frame"}, Framed: []draw.Step{card("framed", 1), fork("inner", nil, []draw.Step{card("body", 8)})}}, card("out", 8)}}
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

func TestLongFlowsGoOnInColumns(t *testing.T) {
	var steps, lanes []draw.Step
	for i := range 60 {
		steps = append(steps, card(fmt.Sprint("step ", i), 8))
	}
	p, err := draw.Flow{Steps: steps}.Draw()
	all := picturetest.Check(t, p, err)
	picturetest.Apart(t, all)
	if p.Width > 1100 || p.Height > 1500 {
		t.Errorf("a picture of %d x %d", p.Width, p.Height)
	}
	columns := map[float64]bool{}
	for i := range steps {
		x, _ := at(t, all, fmt.Sprint("step ", i))
		columns[x] = true
	}
	if len(columns) < 3 {
		t.Errorf("%d columns of %d steps", len(columns), len(steps))
	}
	var wide [][]draw.Step
	for range 30 {
		wide = append(wide, []draw.Step{card("lane", 8)})
		lanes = append(lanes, card("in a lane", 8))
	}
	for name, steps := range map[string][]draw.Step{"wide": {fork("all", wide...)}, "high": {fork("all", lanes, nil)}, "long": make([]draw.Step, 0), "many": slices.Repeat(steps, 10)} {
		_, err := draw.Flow{Title: name, Steps: steps}.Draw()
		if large := errors.Is(err, draw.ErrTooLarge); err == nil || large == (name == "long") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestLadder: what goes down and comes up again past shortcuts has two columns,
// and the shortcuts are level.
func TestLadder(t *testing.T) {
	inner := fork("inner", nil, []draw.Step{card("pool 2", 2), card("up 2", 4)})
	outer := fork("outer", nil, []draw.Step{card("pool 1", 4), inner, card("after", 4), card("up 1", 8)})
	p, err := draw.Flow{Title: "U", Steps: []draw.Step{card("in", 8), outer, card("out", 8)}}.Draw()
	all := picturetest.Check(t, p, err)
	picturetest.Apart(t, all)
	var down, up []float64
	for i, names := range [][]string{{"in", "pool 1", "pool 2", "up 2"}, {"inner", "after", "up 1", "outer", "out"}} {
		above := math.Inf(-1)
		for _, name := range names {
			x, y := at(t, all, name)
			if y *= float64(1 - 2*i); y <= above {
				t.Errorf("%s lies at a height of %g, what comes before it at %g", name, y, above)
			}
			above = y
			if i == 0 {
				down = append(down, x)
			} else if name != "inner" && name != "outer" {
				up = append(up, x)
			}
		}
	}
	if slices.Min(down) != slices.Max(down) || slices.Min(up) != slices.Max(up) || down[0] >= up[0] {
		t.Errorf("columns at %v and %v", down, up)
	}
	level := 0 // lines from the way down to a sign
	for _, e := range picturetest.Of(all, "polyline") {
		xs, ys := e.Points(t)
		if len(xs) == 2 && ys[0] == ys[1] && xs[0] < up[0] && xs[1] > up[0] {
			level++
		}
	}
	if level != 2 {
		t.Errorf("%d shortcuts", level)
	}
}
