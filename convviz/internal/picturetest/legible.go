package picturetest

import (
	"fmt"
	"math"
	"strconv"
	"testing"
)

// minContrast is what WCAG 2.2 asks of text (success criterion 1.4.3).
const minContrast = 4.5

// Legible fails the test if two texts that are seen at the same time lie on each
// other, or a text does not contrast with what it is written on. What lies on
// a photo is not looked at.
func Legible(t testing.TB, all []Element) {
	t.Helper()
	var texts []area
	var written []int // the element of each
	for i, e := range all {
		if e.Name != "text" && (e.Name != "g" || e.Attr["aria-label"] == "") {
			continue
		}
		place := placeOf(t, all, i)
		for n, other := range texts {
			if together(e, all[written[n]]) && place.shrunk().meets(other.shrunk()) {
				t.Errorf("%s lies on %s", place.what, other.what)
			}
		}
		texts, written = append(texts, place), append(written, i)
		for _, ground := range grounds(t, all, i, (place.x0+place.x1)/2, (place.y0+place.y1)/2) {
			if c := contrast(e.Attr["fill"], ground); c < minContrast {
				t.Errorf("%s in %s on %s has a contrast of %.2f, less than %g", place.what, e.Attr["fill"], ground, c, minContrast)
			}
		}
	}
}

// shrunk leaves out half a pixel on each side, in which letters have no ink.
func (a area) shrunk() area { return area{a.x0 + 0.5, a.y0 + 0.5, a.x1 - 0.5, a.y1 - 0.5, a.what} }

// together tells whether there is a frame in which both are seen.
func together(a, b Element) bool {
	return a.First < 0 || b.First < 0 || a.First <= b.Last && b.First <= a.Last
}

// grounds are the colours at a place that are seen under element i, in any of
// its frames.
func grounds(t testing.TB, all []Element, i int, x, y float64) []string {
	t.Helper()
	var colours []string
	for k := i - 1; k > 0; k-- {
		e := all[k]
		if !together(e, all[i]) || e.Name != "image" && (e.Attr["fill"] == "" || e.Attr["fill"] == "none") || !covers(t, e, x, y) {
			continue
		}
		if e.Name != "image" {
			colours = append(colours, e.Attr["fill"])
		}
		if e.First < 0 || all[i].First >= 0 && e.First <= all[i].First && all[i].Last <= e.Last {
			break // it hides what is below it in all of the frames
		}
	}
	return colours
}

// covers tells whether a filled shape covers a point.
func covers(t testing.TB, e Element, x, y float64) bool {
	t.Helper()
	switch e.Name {
	case "rect", "image":
		left, top := e.Float(t, "x"), e.Float(t, "y")
		return left <= x && x <= left+e.Float(t, "width") && top <= y && y <= top+e.Float(t, "height")
	case "circle":
		return math.Hypot(x-e.Float(t, "cx"), y-e.Float(t, "cy")) <= e.Float(t, "r")
	case "polygon":
		xs, ys := e.Points(t)
		in := false
		for a, b := 0, len(xs)-1; a < len(xs); a, b = a+1, a {
			if (ys[a] > y) != (ys[b] > y) && x < (xs[b]-xs[a])*(y-ys[a])/(ys[b]-ys[a])+xs[a] {
				in = !in
			}
		}
		return in
	}
	return false
}

// contrast is WCAG's, from 1 to 21, of two colours as #rrggbb.
func contrast(a, b string) float64 {
	la, lb := luminance(a), luminance(b)
	return (max(la, lb) + 0.05) / (min(la, lb) + 0.05)
}

func luminance(colour string) float64 {
	v, err := strconv.ParseUint(colour[1:], 16, 32)
	if err != nil {
		panic(fmt.Sprintf("colour %q", colour))
	}
	linear := func(c uint64) float64 {
		s := float64(c&255) / 255
		if s <= 0.04045 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*linear(v>>16) + 0.7152*linear(v>>8) + 0.0722*linear(v)
}
