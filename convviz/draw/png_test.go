package draw

import (
	"bytes"
	"image/png"
	"testing"
)

// TestPNGIsSharp: it has Scale pixels for each of the picture, and shapes on
// them have their own colour to the edge.
func TestPNGIsSharp(t *testing.T) {
	c := New(50, 40)
	c.Rect(10, 10, 20, 10, Style{Fill: Blue})
	p, err := c.Picture("a rectangle")
	if err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(bytes.NewReader(p.PNG))
	if err != nil || img.Bounds().Dx() != Scale*50 || img.Bounds().Dy() != Scale*40 {
		t.Fatalf("%v, %v", img.Bounds(), err)
	}
	for y := range Scale * 40 {
		for x := range Scale * 50 {
			inside := x >= Scale*10 && x < Scale*30 && y >= Scale*10 && y < Scale*20
			r, g, b, _ := img.At(x, y).RGBA()
			wr, wg, wb, _ := Blue.RGBA()
			if blue := r == wr && g == wg && b == wb; blue != inside {
				t.Fatalf("pixel %d, %d is %v", x, y, img.At(x, y))
			}
		}
	}
}
