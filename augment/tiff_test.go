package augment

import "testing"

// TestTIFFOfJPEGWithAlpha: four samples of a JPEG in a TIFF are RGB and alpha,
// not CMYK. The file, of which each pixel is known but for JPEG's rounding, is
// Pillow 13's.
func TestTIFFOfJPEGWithAlpha(t *testing.T) {
	m, err := DecodeFile("testdata/jpeg_rgba.tif", Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if m.W != 13 || m.H != 9 {
		t.Fatalf("%dx%d pixels, want 13x9", m.W, m.H)
	}
	for y := range m.H {
		for x := range m.W {
			for k, want := range []int{x * 20, y * 28, (x + y) * 12} {
				if got := int(m.Pix[(y*m.W+x)*3+k]); got < want-4 || got > want+4 {
					t.Errorf("row %d, column %d, sample %d is %d, want %d", y, x, k, got, want)
				}
			}
		}
	}
}
