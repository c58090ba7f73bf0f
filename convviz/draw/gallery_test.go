package draw_test

import (
	"image"
	"image/color"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// noise is a small colourful image.
func noise(seed int) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, 32, 32))
	for k := range 1024 {
		img.Set(k%32, k/32, color.NRGBA{uint8(k*seed + k*k*7), uint8(k/4 + seed*20), uint8(seed * k % 91), 255})
	}
	return img
}

func TestGalleryKeepsEveryPixel(t *testing.T) {
	images := [][]image.Image{{noise(1), noise(2), nil}, {noise(3), noise(4), noise(5)}}
	p, err := draw.Gallery{Title: "G", Images: images, Rows: []string{"one", "two"}, Cell: 32}.Draw()
	picturetest.Check(t, p, err)
	canvas := picturetest.Decode(t, p.PNG)
	found := 0
	b := canvas.Bounds()
	for _, row := range images {
		for _, img := range row {
			if img == nil {
				continue
			}
			for y := 0; y < b.Dy(); y++ {
				for x := 0; x < b.Dx(); x++ {
					if same(canvas, x, y, img) {
						found++
					}
				}
			}
		}
	}
	if found != 5*draw.Scale*draw.Scale { // any corner of a pixel's square matches
		t.Errorf("%d of 5 images are in the picture, pixel by pixel", found/draw.Scale/draw.Scale)
	}
}

// same: every pixel of img is a square of Scale pixels at x, y.
func same(canvas image.Image, x, y int, img image.Image) bool {
	for v := range 32 {
		for u := range 32 {
			px, py := x+draw.Scale*u, y+draw.Scale*v
			if px >= canvas.Bounds().Dx() || py >= canvas.Bounds().Dy() {
				return false
			}
			r1, g1, b1, _ := canvas.At(px, py).RGBA()
			r2, g2, b2, _ := img.At(u, v).RGBA()
			if r1 != r2 || g1 != g2 || b1 != b2 {
				return false
			}
		}
	}
	return true
}
