package draw

import (
	"image"
	"image/color"
	"testing"
)

// TestFewColoursAreKept: a picture of few colours is the same with a palette;
// of many, those that shapes were given stay.
func TestFewColoursAreKept(t *testing.T) {
	c := New(60, 40)
	c.Rect(10, 10, 20, 20, Style{Fill: Orange})
	img := c.raster(0)
	few := c.paletted(img)
	if few == nil {
		t.Fatal("no palette for a few colours")
	}
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			if few.At(x, y) != img.At(x, y) {
				t.Fatalf("pixel %d, %d is %v, was %v", x, y, few.At(x, y), img.At(x, y))
			}
		}
	}
	for i := range 4000 { // thousands of greys and mixtures
		img.Set(20+i%60, 20+i/60, color.RGBA{uint8(i), uint8(i >> 4), uint8(7 * i), 255})
	}
	many := c.paletted(img)
	if many != nil && len(many.Palette) > 256 {
		t.Errorf("%d colours", len(many.Palette))
	}
	c.Image(0, 0, 5, 5, image.NewGray(image.Rect(0, 0, 2, 2)))
	if c.paletted(img) != nil {
		t.Error("a photo has lost colours to a palette")
	}
}
