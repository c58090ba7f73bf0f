package augment

import (
	"slices"
	"testing"
)

// TestResizeKeepsProportions: Size is that of the shorter side.
func TestResizeKeepsProportions(t *testing.T) {
	for _, c := range []struct {
		t    Resize
		w, h int
	}{{Resize{Size: 10}, 20, 10}, {Resize{Size: 100}, 200, 100}, {Resize{Height: 7, Width: 9}, 9, 7}, {Resize{Size: 30}, 60, 30}} {
		if m, err := Apply(c.t, picture(t, "waves 60x30 RGB"), nil); err != nil || m.W != c.w || m.H != c.h {
			t.Errorf("%v of 60x30: %dx%d, %v, want %dx%d", c.t, m.W, m.H, err, c.w, c.h)
		}
	}
}

// TestResizeOfOneColour: every way leaves one colour as it is, and Nearest
// repeats pixels.
func TestResizeOfOneColour(t *testing.T) {
	m := NewImage(6, 4)
	fillRGB(m.Pix, RGB{10, 200, 77})
	for _, by := range []Interpolation{Nearest, Bilinear, Bicubic} {
		for _, size := range [][2]int{{13, 5}, {3, 11}, {1, 1}} {
			got, err := Apply(Resize{Height: size[0], Width: size[1], Interpolation: by}, m, nil)
			if err != nil || slices.ContainsFunc([]int{0, len(got.Pix)/3 - 1}, func(i int) bool { return RGB(got.Pix[3*i:3*i+3]) != RGB{10, 200, 77} }) {
				t.Errorf("by %d to %v: %v, %v", by, size, got.Pix, err)
			}
		}
	}
	two := Image{2, 1, []uint8{1, 2, 3, 4, 5, 6}}
	if got, err := Apply(Resize{Height: 1, Width: 4, Interpolation: Nearest}, two, nil); err != nil || !slices.Equal(got.Pix, []uint8{1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6}) {
		t.Errorf("twice as wide: %v, %v", got.Pix, err)
	}
}
