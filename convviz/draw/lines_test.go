package draw_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

func TestLinesLieWhereTheirNumbersSay(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		n := 2 + rng.IntN(40)
		y, scale := make([]float64, n), math.Pow(10, float64(rng.IntN(7)-2))
		for i := range y {
			y[i] = rng.NormFloat64() * scale
		}
		p, err := draw.Lines{Title: "T", Series: []draw.Series{{Name: "s", Y: y, Marker: true}}}.Draw()
		all := picturetest.Check(t, p, err)
		toY, toX := axis(t, all, true), axis(t, all, false)
		dots := picturetest.Of(all, "circle")
		if len(dots) != n {
			t.Fatalf("%d markers for %d points", len(dots), n)
		}
		high := slices.Max(y) - slices.Min(y)
		for i, dot := range dots {
			if got := toY(dot.Float(t, "cy")); math.Abs(got-y[i]) > 0.01*high {
				t.Errorf("point %d is drawn at %g, is %g", i, got, y[i])
			}
			if got := toX(dot.Float(t, "cx")); math.Abs(got-float64(i+1)) > 0.01*float64(n) {
				t.Errorf("point %d is drawn at x %g", i+1, got)
			}
		}
	}
}

func TestPointsAlone(t *testing.T) {
	p, err := draw.Lines{Title: "T", Series: []draw.Series{{X: []float64{1, 5, 2}, Y: []float64{1, 4, 3}, NoLine: true}}}.Draw()
	all := picturetest.Check(t, p, err)
	if n := len(picturetest.Of(all, "circle")); n != 3 {
		t.Errorf("%d points for 3", n)
	}
	for _, e := range picturetest.Of(all, "polyline") {
		if e.Attr["stroke"] == "#009e73" {
			t.Error("a line joins the points")
		}
	}
}
