package augment

import (
	"math"
	"testing"
)

// TestInterpolations: on the pixels both give the numbers themselves, and the
// cubic is the same from either side.
func TestInterpolations(t *testing.T) {
	for d := 0.0; d <= 1; d += 0.125 {
		if got := line(3, 5, d); got != 3+2*d {
			t.Errorf("line at %g: %g", d, got)
		}
		if there, back := cubic(9, 4, 7, 1, d), cubic(1, 7, 4, 9, 1-d); math.Abs(there-back) > 1e-12 {
			t.Errorf("cubic at %g: %g, from the other side %g", d, there, back)
		}
	}
	if cubic(9, 4, 7, 1, 0) != 4 || cubic(9, 4, 7, 1, 1) != 7 {
		t.Error("the cubic does not go through the pixels")
	}
}

// TestOutsideRepeatsTheEdge: beyond the last pixel stands its colour.
func TestOutsideRepeatsTheEdge(t *testing.T) {
	var s Sample
	m := picture(t, "noise 5x7 RGB")
	if err := s.Set(m); err != nil {
		t.Fatal(err)
	}
	for _, at := range [][4]int{{-3, 2, 0, 2}, {9, 2, 4, 2}, {1, -1, 1, 0}, {7, 12, 4, 6}} {
		for c := range 3 {
			if got, want := s.near(at[0], at[1], c), float64(m.At(at[2], at[3])[c]); got != want {
				t.Errorf("pixel %d, %d, channel %d: %g, want %g", at[0], at[1], c, got, want)
			}
		}
	}
	if coord(-0.5) != -1 || coord(0.9) != 0 || coord(3) != 3 {
		t.Error("places between 0 and 1 are of pixel 0")
	}
}
