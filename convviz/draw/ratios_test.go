package draw_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// TestNamesOfRatiosDoNotMeet reads where the names were put.
func TestNamesOfRatiosDoNotMeet(t *testing.T) {
	rng := rand.New(rand.NewPCG(3, 4))
	for range 40 {
		var r draw.Ratios
		for i := range 2 + rng.IntN(18) {
			x := math.Exp(-3 * rng.Float64())
			r.Names, r.X, r.Y = append(r.Names, fmt.Sprintf("variant number %d", i)), append(r.X, x), append(r.Y, x*math.Exp(2*rng.Float64()-0.5))
		}
		p, err := r.Draw()
		all := picturetest.Check(t, p, err)
		type label struct {
			text           string
			x0, x1, y0, y1 float64
		}
		var labels []label
		for _, e := range picturetest.Of(all, "text") {
			x, y := e.Float(t, "x"), e.Float(t, "y")
			if len(e.Text) > 8 {
				labels = append(labels, label{e.Text, x, x + e.Float(t, "textLength"), y - 9, y + 2})
			}
		}
		for i, a := range labels {
			for _, b := range labels[:i] {
				if a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1 {
					t.Fatalf("%q meets %q", a.text, b.text)
				}
			}
		}
	}
	for i, bad := range []draw.Ratios{{}, {Names: []string{"a"}, X: []float64{0}, Y: []float64{1}}, {Names: []string{"a"}, X: []float64{1}, Y: []float64{math.NaN()}},
		{Names: []string{"a"}, X: []float64{math.Inf(1)}, Y: []float64{1}}, {Names: []string{"a"}, X: []float64{1}}} {
		if _, err := bad.Draw(); err == nil {
			t.Errorf("%d was drawn", i)
		}
	}
	p, err := draw.Ratios{Names: []string{"alone"}, X: []float64{1}, Y: []float64{1}}.Draw()
	picturetest.Check(t, p, err)
}
