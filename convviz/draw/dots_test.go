package draw_test

import (
	"math"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// TestDotsLieWhereTheirNumbersSay reads dots, means and spreads off the
// picture, by the chart's own axis.
func TestDotsLieWhereTheirNumbersSay(t *testing.T) {
	rows := []draw.DotRow{{Group: "one", Name: "a", Values: []float64{0.70, 0.72, 0.71}, Mean: 0.71, Spread: 0.01},
		{Group: "one", Name: "b", Values: []float64{0.755}, Mean: 0.755}, {Group: "two", Name: "c", Values: []float64{0.64, 0.66}, Mean: 0.65, Spread: 0.0141}}
	p, err := draw.Dots{Title: "t", XLabel: "x", Rows: rows, Percent: true}.Draw()
	all := picturetest.Check(t, p, err)
	number := axis(t, all, false)
	var dots []float64
	for _, e := range picturetest.Of(all, "circle") {
		dots = append(dots, number(e.Float(t, "cx")))
	}
	i := 0
	for _, row := range rows {
		for _, v := range row.Values {
			if i >= len(dots) || math.Abs(dots[i]-100*v) > 0.05 {
				t.Fatalf("dots at %v, want %g at %d", dots, 100*v, i)
			}
			i++
		}
	}
	found := 0
	for _, e := range picturetest.Of(all, "polyline") {
		xs, ys := e.Points(t)
		for _, row := range rows {
			if ys[0] == ys[1] && math.Abs(number(xs[0])-100*(row.Mean-row.Spread)) < 0.05 && math.Abs(number(xs[1])-100*(row.Mean+row.Spread)) < 0.05 ||
				xs[0] == xs[1] && ys[1]-ys[0] == 14 && math.Abs(number(xs[0])-100*row.Mean) < 0.05 {
				found++
			}
		}
	}
	if i != len(dots) || found != 6 {
		t.Errorf("%d dots, want %d; %d lines of means and spreads, want 6", len(dots), i, found)
	}
}
