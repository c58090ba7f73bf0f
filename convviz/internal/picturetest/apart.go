package picturetest

import (
	"fmt"
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
	var texts []area
	var lines []line
	for i, e := range all {
		switch {
		case e.Name == "text", e.Name == "g" && e.Attr["aria-label"] != "":
			texts = append(texts, placeOf(t, all, i))
		case e.Name == "polyline":
			xs, ys := e.Points(t)
			for j := 1; j < len(xs); j++ {
				lines = append(lines, line{xs[j-1], ys[j-1], xs[j], ys[j]})
			}
		case e.Name == "rect" && i > 1: // the first is the card
			x, y, w, h := e.Float(t, "x"), e.Float(t, "y"), e.Float(t, "width"), e.Float(t, "height")
			lines = append(lines, line{x, y, x + w, y}, line{x, y + h, x + w, y + h}, line{x, y, x, y + h}, line{x + w, y, x + w, y + h})
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
		for _, l := range lines {
			if l.crosses(a) {
				t.Errorf("%s lies on %s", a.what, l)
			}
		}
	}
}

// placeOf is the place of the text that is element i.
func placeOf(t testing.TB, all []Element, i int) area {
	t.Helper()
	e := all[i]
	if e.Name == "g" {
		return outlined(t, e, all[i+1])
	}
	x, y, offset, turned := e.Float(t, "x"), e.Float(t, "y"), 0.0, e.Attr["transform"] != ""
	if turned {
		offset = x
		scan(t, e, "translate(%g %g) rotate(-90)", &x, &y)
	}
	return written(e.Text, x, y, turned, offset, e.Float(t, "textLength"), e.Float(t, "font-size"))
}

// written is the place of a text that starts at an offset from x, y, along the
// line or, turned, upwards.
func written(text string, x, y float64, turned bool, offset, width, size float64) area {
	what := fmt.Sprintf("%q at %.0f, %.0f", text, x, y)
	if turned {
		return area{x - 0.75*size, y - offset - width, x + 0.2*size, y - offset, what}
	}
	return area{x + offset, y - 0.75*size, x + offset + width, y + 0.2*size, what}
}

// outlined is the place of a text that is drawn as outlines, of which first is
// the first.
func outlined(t testing.TB, e, first Element) area {
	t.Helper()
	var x, y, scale float64
	turned := strings.Contains(e.Attr["transform"], "rotate")
	if turned {
		scan(t, e, "translate(%g %g) rotate(-90) scale(%g)", &x, &y, &scale)
	} else {
		scan(t, e, "translate(%g %g) scale(%g)", &x, &y, &scale)
	}
	size := 100 * scale
	return written(e.Text, x, y, turned, first.Float(t, "x")*scale, draw.Width(e.Text, size, false), size)
}

func scan(t testing.TB, e Element, format string, into ...any) {
	t.Helper()
	if _, err := fmt.Sscanf(e.Attr["transform"], format, into...); err != nil {
		t.Fatalf("transform %q of %q: %v", e.Attr["transform"], e.Text, err)
	}
}

// line is a straight line.
type line struct{ x0, y0, x1, y1 float64 }

func (l line) String() string {
	return fmt.Sprintf("the line from %.0f, %.0f to %.0f, %.0f", l.x0, l.y0, l.x1, l.y1)
}

// crosses tells whether a part of the line lies in a, by cutting off what lies
// beyond each side (Liang and Barsky 1984).
func (l line) crosses(a area) bool {
	from, to := 0.0, 1.0
	for _, side := range [][2]float64{{l.x0 - l.x1, l.x0 - a.x0}, {l.x1 - l.x0, a.x1 - l.x0}, {l.y0 - l.y1, l.y0 - a.y0}, {l.y1 - l.y0, a.y1 - l.y0}} {
		switch way, room := side[0], side[1]; {
		case way == 0 && room <= 0:
			return false
		case way < 0:
			from = max(from, room/way)
		case way > 0:
			to = min(to, room/way)
		}
	}
	return from < to
}
