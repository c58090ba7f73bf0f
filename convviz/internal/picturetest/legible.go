package picturetest

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// minContrast is what WCAG 2.2 asks of text (success criterion 1.4.3).
const minContrast = 4.5

// Legible fails the test if two texts that are seen at the same time lie on each
// other, or a text does not contrast with what it is written on, on a light or
// on a dark page. No text may lie on a photo, which a dark page leaves light.
func Legible(t testing.TB, all []Element) {
	t.Helper()
	var texts []area
	var written []Element
	var below []shape // what was filled so far
	dark := darkColours(t, all)
	for i, e := range all[1:] {
		if s, ok := filled(t, e); ok {
			below = append(below, s)
		}
		if e.Name != "text" && (e.Name != "g" || e.Attr["aria-label"] == "") {
			continue
		}
		place := placeOf(t, all, i+1)
		for n, other := range texts {
			if place.shrunk().meets(other.shrunk()) && together(e, written[n]) {
				t.Errorf("%s lies on %s", place.what, other.what)
			}
		}
		texts, written = append(texts, place), append(written, e)
		for _, ground := range grounds(below, e, (place.x0+place.x1)/2, (place.y0+place.y1)/2) {
			if ground == "" {
				t.Errorf("%s lies on an image", place.what)
				continue
			}
			if c := contrast(e.Attr["fill"], ground); c < minContrast {
				t.Errorf("%s in %s on %s has a contrast of %.2f, less than %g", place.what, e.Attr["fill"], ground, c, minContrast)
			}
			if c := contrast(dark[e.Attr["fill"]], dark[ground]); c < minContrast {
				t.Errorf("%s in %s on %s has a contrast of %.2f on a dark page, less than %g", place.what, dark[e.Attr["fill"]], dark[ground], c, minContrast)
			}
		}
	}
}

// rule is how a picture gives a colour its double on a dark page.
var rule = regexp.MustCompile(`\[fill="(#[0-9a-f]{6})"\]\{fill:light-dark\((#[0-9a-f]{6}),(#[0-9a-f]{6})\)\}`)

// darkColours are the fills of a dark page by those of a light one. Each that is
// used must have one.
func darkColours(t testing.TB, all []Element) map[string]string {
	t.Helper()
	dark := map[string]string{}
	for _, e := range Of(all, "style") {
		for _, m := range rule.FindAllStringSubmatch(e.Attr["rules"], -1) {
			if dark[m[1]] = m[3]; m[1] != m[2] {
				t.Errorf("a light page shows %s as %s", m[1], m[2])
			}
		}
	}
	for _, e := range all {
		if fill := e.Attr["fill"]; strings.HasPrefix(fill, "#") && dark[fill] == "" {
			t.Errorf("<%s> in %s has no colour on a dark page", e.Name, fill)
		}
	}
	return dark
}

// shrunk leaves out half a pixel on each side, in which letters have no ink.
func (a area) shrunk() area { return area{a.x0 + 0.5, a.y0 + 0.5, a.x1 - 0.5, a.y1 - 0.5, a.what} }

// together tells whether there is a frame in which both are seen.
func together(a, b Element) bool {
	return a.First < 0 || b.First < 0 || a.First <= b.Last && b.First <= a.Last
}

// shape is a filled element, whose numbers are read once.
type shape struct {
	Element
	x0, y0, x1, y1, radius float64 // of a circle the middle twice
	xs, ys                 []float64
}

func filled(t testing.TB, e Element) (s shape, ok bool) {
	t.Helper()
	if e.Name != "image" && (e.Attr["fill"] == "" || e.Attr["fill"] == "none") {
		return s, false
	}
	s.Element = e
	switch e.Name {
	case "rect", "image":
		s.x0, s.y0 = e.Float(t, "x"), e.Float(t, "y")
		s.x1, s.y1 = s.x0+e.Float(t, "width"), s.y0+e.Float(t, "height")
	case "circle":
		s.x0, s.y0, s.radius = e.Float(t, "cx"), e.Float(t, "cy"), e.Float(t, "r")
	case "polygon":
		s.xs, s.ys = e.Points(t)
	default:
		return s, false
	}
	return s, true
}

// grounds are the colours at a place that are seen under e, in any of its
// frames; below is what was filled before it.
func grounds(below []shape, e Element, x, y float64) []string {
	var colours []string
	for k := len(below) - 1; k >= 0; k-- {
		s := below[k]
		if !together(s.Element, e) || !s.covers(x, y) {
			continue
		}
		colours = append(colours, s.Attr["fill"]) // "" of an image
		if s.First < 0 || e.First >= 0 && s.First <= e.First && e.Last <= s.Last {
			break // it hides what is below it in all of the frames
		}
	}
	return colours
}

// covers tells whether the shape covers a point.
func (s shape) covers(x, y float64) bool {
	switch s.Name {
	case "circle":
		return math.Hypot(x-s.x0, y-s.y0) <= s.radius
	case "polygon":
		in := false
		for a, b := 0, len(s.xs)-1; a < len(s.xs); a, b = a+1, a {
			if (s.ys[a] > y) != (s.ys[b] > y) && x < (s.xs[b]-s.xs[a])*(y-s.ys[a])/(s.ys[b]-s.ys[a])+s.xs[a] {
				in = !in
			}
		}
		return in
	}
	return s.x0 <= x && x <= s.x1 && s.y0 <= y && y <= s.y1
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
