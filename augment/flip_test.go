package augment

import (
	"math"
	"slices"
	"testing"
)

// TestFlips: the first pixel goes to the other end, twice is as before, and
// without a P every second image is mirrored.
func TestFlips(t *testing.T) {
	m := picture(t, "noise 5x7 RGB")
	across, down := RandomHorizontalFlip{P: 1}, RandomVerticalFlip{P: 1}
	for x := range m.W {
		for y := range m.H {
			a, err := Apply(across, m, NewRand(0, 0, 0))
			if err != nil || a.At(m.W-1-x, y) != m.At(x, y) {
				t.Fatalf("across: pixel %d, %d, %v", x, y, err)
			}
			d, err := Apply(down, m, NewRand(0, 0, 0))
			if err != nil || d.At(x, m.H-1-y) != m.At(x, y) {
				t.Fatalf("down: pixel %d, %d, %v", x, y, err)
			}
		}
	}
	if twice, err := Apply(Compose{across, down, across, down}, m, NewRand(0, 0, 0)); err != nil || !slices.Equal(twice.Pix, m.Pix) {
		t.Errorf("twice each: other pixels, %v", err)
	}
	const n = 4000
	mirrored := 0
	for i := range n {
		if got, _ := Apply(RandomHorizontalFlip{}, m, NewRand(1, 0, i)); got.At(0, 0) != m.At(0, 0) {
			mirrored++
		}
	}
	if math.Abs(float64(mirrored)-n/2) > 4*math.Sqrt(n)/2 {
		t.Errorf("%d of %d are mirrored", mirrored, n)
	}
}
