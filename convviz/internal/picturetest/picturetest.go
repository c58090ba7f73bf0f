// Package picturetest checks pictures: their SVG is parsed, so that a test
// can compare what is printed and where shapes lie with the data; their PNG
// is compared with a golden file by tolerance.
package picturetest

import (
	"bytes"
	"encoding/xml"
	"flag"
	"image"
	"image/color"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"convlab/convviz/draw"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

// Element is one element of an SVG. Text is its characters; of a text drawn
// as outlines, its label.
type Element struct {
	Name  string
	Attr  map[string]string
	Text  string
	First int // animation frame in which it is seen; -1: it is seen in all
	Last  int
}

// In tells whether the element is seen in that frame.
func (e Element) In(frame int) bool { return e.First < 0 || e.First <= frame && frame <= e.Last }

// Float is the attribute as a number, 0 when it is not there.
func (e Element) Float(t testing.TB, name string) float64 {
	t.Helper()
	if e.Attr[name] == "" {
		return 0
	}
	v, err := strconv.ParseFloat(e.Attr[name], 64)
	if err != nil {
		t.Fatalf("%s of <%s>: %v", name, e.Name, err)
	}
	return v
}

// Points are the corners of a polyline or polygon.
func (e Element) Points(t testing.TB) (xs, ys []float64) {
	t.Helper()
	for _, pair := range strings.Fields(e.Attr["points"]) {
		x, y, ok := strings.Cut(pair, ",")
		vx, err1 := strconv.ParseFloat(x, 64)
		vy, err2 := strconv.ParseFloat(y, 64)
		if !ok || err1 != nil || err2 != nil {
			t.Fatalf("points: %q", pair)
		}
		xs, ys = append(xs, vx), append(ys, vy)
	}
	return xs, ys
}

// Parse reads an SVG; bad XML fails the test, and so does a root without a
// size or with a style, which some programs take for the size.
func Parse(t testing.TB, svg string) []Element {
	t.Helper()
	var all []Element
	var open []int
	first, last, depth := -1, -1, 0
	d := xml.NewDecoder(strings.NewReader(svg))
	for {
		token, err := d.Token()
		if err == io.EOF {
			return all
		}
		if err != nil {
			t.Fatalf("the SVG is not XML: %v", err)
		}
		switch token := token.(type) {
		case xml.StartElement:
			e := Element{Name: token.Name.Local, Attr: map[string]string{}, First: first, Last: last}
			for _, a := range token.Attr {
				e.Attr[a.Name.Local] = a.Value
			}
			if len(all) == 0 && (e.Name != "svg" || e.Float(t, "width") <= 0 || e.Float(t, "height") <= 0 ||
				e.Attr["viewBox"] != "0 0 "+e.Attr["width"]+" "+e.Attr["height"] || e.Attr["style"] != "") {
				t.Errorf("the root of the SVG is <%s> with %v", e.Name, e.Attr)
			}
			if e.Attr["class"] == "frame" {
				first, last = int(e.Float(t, "data-from")), int(e.Float(t, "data-to"))
				depth = len(open)
			}
			if e.Name == "g" && e.Attr["aria-label"] != "" {
				e.Text = e.Attr["aria-label"]
			}
			open = append(open, len(all))
			all = append(all, e)
		case xml.EndElement:
			open = open[:len(open)-1]
			if first >= 0 && len(open) == depth {
				first, last = -1, -1
			}
		case xml.CharData:
			n := len(open)
			if n > 0 && all[open[n-1]].Name == "text" {
				all[open[n-1]].Text += string(token)
			}
			if n > 0 && all[open[n-1]].Name == "style" {
				all[open[n-1]].Attr["rules"] += string(token)
			}
		}
	}
}

// Of picks the elements of one name.
func Of(all []Element, name string) []Element {
	var out []Element
	for _, e := range all {
		if e.Name == name {
			out = append(out, e)
		}
	}
	return out
}

// Texts are all printed texts, in the order they are drawn.
func Texts(all []Element) []string {
	var out []string
	for _, e := range all {
		if e.Text != "" {
			out = append(out, e.Text)
		}
	}
	return out
}

// Check fails the test unless p is Whole and its texts are Legible. It gives the
// SVG's elements.
func Check(t testing.TB, p *draw.Picture, err error) []Element {
	t.Helper()
	all := Whole(t, p, err)
	Legible(t, all)
	return all
}

// Whole fails the test unless p is whole: SVG that parses, with the alt text, and
// a PNG of the right size that is not blank. It gives the SVG's elements.
func Whole(t testing.TB, p *draw.Picture, err error) []Element {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	all := Parse(t, p.SVG)
	if all[0].Name != "svg" || all[0].Attr["aria-label"] != p.Alt || p.Alt == "" {
		t.Fatalf("svg starts with %+v, alt text %q", all[0], p.Alt)
	}
	img := Decode(t, p.PNG)
	if got, want := img.Bounds().Size(), image.Pt(draw.Scale*p.Width, draw.Scale*p.Height); got != want {
		t.Fatalf("PNG is %v, should be %v", got, want)
	}
	if coloursUpTo(img, 4) < 4 {
		t.Fatal("the PNG is blank")
	}
	if len(p.SVG) > 300_000 || len(p.PNG) > 300_000 {
		t.Fatalf("the picture takes %d bytes of SVG and %d of PNG", len(p.SVG), len(p.PNG))
	}
	return all
}

func coloursUpTo(img image.Image, n int) int {
	seen := map[color.Color]bool{}
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if seen[img.At(x, y)] = true; len(seen) == n {
				return n
			}
		}
	}
	return len(seen)
}

// Decode reads a PNG.
func Decode(t testing.TB, data []byte) image.Image {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// Golden compares a PNG with testdata/name.png: at most one pixel in 500 may
// differ by more than 24 of 255 in a channel, so that rounding on another
// processor passes and a moved label does not. On failure what was drawn and
// the difference are saved beside it. -update writes the file.
func Golden(t testing.TB, name string, data []byte) {
	t.Helper()
	file := filepath.Join("testdata", name+".png")
	if *update {
		if err := os.MkdirAll("testdata", 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, data, 0o666); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatalf("%v: run the test with -update", err)
	}
	got, golden := Decode(t, data), Decode(t, want)
	if got.Bounds() != golden.Bounds() {
		save(t, name, data, nil)
		t.Fatalf("%s: size %v, golden has %v", name, got.Bounds(), golden.Bounds())
	}
	diff, off := difference(got, golden)
	if total := got.Bounds().Dx() * got.Bounds().Dy(); off*500 > total {
		save(t, name, data, diff)
		t.Errorf("%s: %d of %d pixels differ: see testdata/%s.diff.png", name, off, total, name)
	}
}

func difference(a, b image.Image) (*image.Gray, int) {
	out := image.NewGray(a.Bounds())
	off := 0
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			r1, g1, b1, _ := a.At(x, y).RGBA()
			r2, g2, b2, _ := b.At(x, y).RGBA()
			d := max(apart(r1, r2), apart(g1, g2), apart(b1, b2)) >> 8
			out.SetGray(x, y, color.Gray{uint8(d)})
			if d > 24 {
				off++
			}
		}
	}
	return out, off
}

func apart(a, b uint32) uint32 {
	if a > b {
		return a - b
	}
	return b - a
}

func save(t testing.TB, name string, got []byte, diff image.Image) {
	t.Helper()
	os.WriteFile(filepath.Join("testdata", name+".got.png"), got, 0o666)
	if diff == nil {
		return
	}
	var b bytes.Buffer
	if png.Encode(&b, diff) == nil {
		os.WriteFile(filepath.Join("testdata", name+".diff.png"), b.Bytes(), 0o666)
	}
}
