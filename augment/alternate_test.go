package augment

import (
	"bytes"
	"testing"
)

// TestAlternatingFlip: every image is mirrored in every other epoch, and about
// half of them in any.
func TestAlternatingFlip(t *testing.T) {
	img := Image{Pix: []uint8{1, 2, 3, 4, 5, 6}, W: 2, H: 1}
	turned := []uint8{4, 5, 6, 1, 2, 3}
	for epoch := 1; epoch <= 4; epoch++ {
		mirrored := 0
		for i := range 1000 {
			now, next := NewRand(7, epoch, i), NewRand(7, epoch+1, i)
			a, err := Apply(AlternatingFlip{}, img, now)
			if err != nil {
				t.Fatal(err)
			}
			b, err := Apply(AlternatingFlip{}, img, next)
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Equal(a.Pix, b.Pix) {
				t.Fatalf("image %d is the same in epochs %d and %d", i, epoch, epoch+1)
			}
			if bytes.Equal(a.Pix, turned) {
				mirrored++
			}
		}
		if mirrored < 420 || mirrored > 580 { // five standard deviations
			t.Errorf("epoch %d: %d of 1000 images are mirrored", epoch, mirrored)
		}
	}
}
