package augment

import (
	"image"
	"image/color"
	"testing"
)

// TestFlatColourIsKept: where all pixels have one colour, nothing is
// interpolated away, whatever the size.
func TestFlatColourIsKept(t *testing.T) {
	for _, ratio := range []image.YCbCrSubsampleRatio{image.YCbCrSubsampleRatio420, image.YCbCrSubsampleRatio422} {
		for side := 1; side < 7; side++ {
			v := image.NewYCbCr(image.Rect(0, 0, side, 7-side), ratio)
			for _, plane := range []struct {
				pix []uint8
				v   uint8
			}{{v.Y, 120}, {v.Cb, 90}, {v.Cr, 200}} {
				for i := range plane.pix {
					plane.pix[i] = plane.v
				}
			}
			r, g, b := color.YCbCrToRGB(120, 90, 200)
			m := fromPhoto(v)
			for y := range m.H {
				for x := range m.W {
					if m.At(x, y) != (RGB{r, g, b}) {
						t.Fatalf("%v, %dx%d: pixel %d, %d is %v, want %v", ratio, m.W, m.H, x, y, m.At(x, y), RGB{r, g, b})
					}
				}
			}
		}
	}
}

// TestHalved: pixel 3 has its colour from sample 1, and a share from sample 2,
// on whose side it lies; at the border it has the same twice.
func TestHalved(t *testing.T) {
	for i, want := range [][2]int{{0, 0}, {0, 1}, {1, 0}, {1, 2}, {2, 1}, {2, 2}} {
		if near, far := halved(i, 6); near != want[0] || far != want[1] {
			t.Errorf("pixel %d of 6: samples %d and %d, want %v", i, near, far, want)
		}
	}
}

// TestVideoRange: black is luma 16 and white 235.
func TestVideoRange(t *testing.T) {
	for luma, want := range map[uint8]uint8{16: 0, 235: 255, 0: 0, 255: 255} {
		v := image.NewYCbCr(image.Rect(0, 0, 2, 2), image.YCbCrSubsampleRatio420)
		for i := range v.Y {
			v.Y[i] = luma
		}
		v.Cb[0], v.Cr[0] = 128, 128
		if got := fromVideo(v).At(1, 1); got != (RGB{want, want, want}) {
			t.Errorf("luma %d is %v, want %d", luma, got, want)
		}
	}
}
