package draw_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// axis reads two labelled grid lines off a chart and gives the map from
// pixels to numbers.
func axis(t *testing.T, all []picturetest.Element, vertical bool) func(px float64) float64 {
	t.Helper()
	var at, value []float64
	for _, e := range picturetest.Of(all, "text") {
		v, err := strconv.ParseFloat(strings.NewReplacer(",", "", " %", "").Replace(e.Text), 64)
		if err != nil || e.Attr["transform"] != "" || e.Float(t, "font-size") != 11 {
			continue
		}
		if middle := e.Float(t, "x") + e.Float(t, "textLength")/2; vertical && hasLine(t, all, 1, e.Float(t, "y")-4) {
			at, value = append(at, e.Float(t, "y")-4), append(value, v)
		} else if !vertical && hasLine(t, all, 0, middle) {
			at, value = append(at, middle), append(value, v)
		}
	}
	if len(at) < 2 {
		t.Fatalf("no axis: %v %v", at, value)
	}
	last := len(at) - 1
	slope := (value[last] - value[0]) / (at[last] - at[0])
	return func(px float64) float64 { return value[0] + (px-at[0])*slope }
}

// hasLine: a straight line has both its ends at that x (axis 0) or y (1).
func hasLine(t *testing.T, all []picturetest.Element, axis int, at float64) bool {
	for _, e := range picturetest.Of(all, "polyline") {
		xs, ys := e.Points(t)
		if p := [][]float64{xs, ys}[axis]; len(p) == 2 && math.Abs(p[0]-at) < 0.02 && math.Abs(p[1]-at) < 0.02 {
			return true
		}
	}
	return false
}

// TestGapsInALine: where numbers are missing the line ends and begins anew, and
// a lone number is a dot.
func TestGapsInALine(t *testing.T) {
	nan := math.NaN()
	p, err := draw.Lines{Series: []draw.Series{{Y: []float64{1, 2, nan, 3, nan, 4, 5, 6}, Color: draw.Purple}}}.Draw()
	all := picturetest.Check(t, p, err)
	var points []int
	for _, e := range picturetest.Of(all, "polyline") {
		if xs, _ := e.Points(t); e.Attr["stroke"] == "#cc79a7" {
			points = append(points, len(xs))
		}
	}
	if !slices.Equal(points, []int{2, 3}) || len(picturetest.Of(all, "circle")) != 1 {
		t.Errorf("lines of %v points and %d dots, want 2, 3 and 1", points, len(picturetest.Of(all, "circle")))
	}
}
