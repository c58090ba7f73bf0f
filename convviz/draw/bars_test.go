package draw_test

import (
	"math"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

func TestBarsAreAsHighAsTheirNumbers(t *testing.T) {
	values := []float64{3, 0, 8, 1}
	p, err := draw.Bars{Title: "T", Labels: []string{"a", "b", "c", "d"}, Values: values}.Draw()
	all := picturetest.Check(t, p, err)
	toY := axis(t, all, true)
	var got []float64
	for _, e := range picturetest.Of(all, "rect")[1:] {
		got = append(got, toY(e.Float(t, "y"))-toY(e.Float(t, "y")+e.Float(t, "height")))
	}
	for i, want := range []float64{3, 8, 1} { // the empty bar is not drawn
		if math.Abs(got[i]-want) > 0.05 {
			t.Errorf("bar %d is %g high, should be %g", i, got[i], want)
		}
	}
	counts := []float64{2, 1, 0, 1}
	p, err = draw.Bars{Title: "H", Values: counts, Lo: 0, Hi: 4}.Draw()
	all = picturetest.Check(t, p, err)
	toY, toX := axis(t, all, true), axis(t, all, false)
	xs, ys := picturetest.Of(all, "polygon")[0].Points(t)
	for i, c := range counts {
		if x, y := toX(xs[1+2*i]), toY(ys[1+2*i]); math.Abs(x-float64(i)) > 0.02 || math.Abs(y-c) > 0.02 {
			t.Errorf("bin %d starts at %g, %g; should be %d, %g", i, x, y, i, c)
		}
	}
}
