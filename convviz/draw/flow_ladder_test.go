package draw_test

import (
	"math"
	"slices"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// TestLadder: what goes down and comes up again past shortcuts has two columns,
// and the shortcuts are level.
func TestLadder(t *testing.T) {
	inner := fork("inner", nil, []draw.FlowStep{card("pool 2", 2), card("up 2", 4)})
	outer := fork("outer", nil, []draw.FlowStep{card("pool 1", 4), inner, card("after", 4), card("up 1", 8)})
	p, err := draw.Flow{Title: "U", Steps: []draw.FlowStep{card("in", 8), outer, card("out", 8)}}.Draw()
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
