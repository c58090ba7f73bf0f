package picturetest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"convlab/convviz/draw"
)

// area is a rectangle with a name.
type area struct {
	x0, y0, x1, y1 float64
	what           string
}

func (a area) meets(b area) bool {
	return a.x0 < b.x1 && b.x0 < a.x1 && a.y0 < b.y1 && b.y0 < a.y1
}

// Apart fails the test if a text of a still picture lies on another, on a line,
// on an edge of a rectangle, or outside the picture.
func Apart(t testing.TB, all []Element) {
	t.Helper()
	width, height := all[0].Float(t, "width"), all[0].Float(t, "height")
	var texts, lines []area
	for i, e := range all {
		switch {
		case e.Name == "text":
			texts = append(texts, written(e.Text, e.Float(t, "x"), e.Float(t, "y"), e.Float(t, "textLength"), e.Float(t, "font-size")))
		case e.Name == "g" && e.Attr["aria-label"] != "":
			texts = append(texts, outlined(t, e, all[i+1]))
		case e.Name == "polyline":
			xs, ys := e.Points(t)
			for j := 1; j < len(xs); j++ {
				lines = append(lines, segment(xs[j-1], ys[j-1], xs[j], ys[j]))
			}
		case e.Name == "rect" && i > 1: // the first is the card
			x, y, w, h := e.Float(t, "x"), e.Float(t, "y"), e.Float(t, "width"), e.Float(t, "height")
			lines = append(lines, segment(x, y, x+w, y), segment(x, y+h, x+w, y+h), segment(x, y, x, y+h), segment(x+w, y, x+w, y+h))
		}
	}
	for i, a := range texts {
		if a.x0 < 2 || a.y0 < 2 || a.x1 > width-2 || a.y1 > height-2 {
			t.Errorf("%s lies outside the picture of %g x %g", a.what, width, height)
		}
		for _, b := range texts[i+1:] {
			if a.meets(b) {
				t.Errorf("%s lies on %s", a.what, b.what)
			}
		}
		for _, line := range lines {
			if a.meets(line) {
				t.Errorf("%s lies on %s", a.what, line.what)
			}
		}
	}
}

func written(text string, x, y, width, size float64) area {
	return area{x, y - 0.75*size, x + width, y + 0.2*size, fmt.Sprintf("%q at %.0f, %.0f", text, x, y)}
}

// outlined is the place of a text that is drawn as outlines, of which first is
// the first.
func outlined(t testing.TB, e, first Element) area {
	t.Helper()
	var x, y, scale float64
	if _, err := fmt.Sscanf(e.Attr["transform"], "translate(%g %g) scale(%g)", &x, &y, &scale); err != nil {
		t.Fatalf("transform %q: %v", e.Attr["transform"], err)
	}
	start, err := strconv.ParseFloat(strings.TrimSpace(first.Attr["x"]), 64)
	if err != nil {
		t.Fatalf("the outline of %q starts nowhere: %v", e.Text, err)
	}
	size := 100 * scale
	return written(e.Text, x+start*scale, y, draw.Width(e.Text, size, false), size)
}

func segment(x0, y0, x1, y1 float64) area {
	return area{min(x0, x1), min(y0, y1), max(x0, x1) + 0.01, max(y0, y1) + 0.01, fmt.Sprintf("the line from %.0f, %.0f to %.0f, %.0f", x0, y0, x1, y1)}
}
