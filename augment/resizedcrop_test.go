package augment

import (
	"math"
	"slices"
	"testing"
)

// TestPartsAreAllowed: the part that is cut out has an area and proportions
// within the ranges, and lies in the image.
func TestPartsAreAllowed(t *testing.T) {
	r := NewRand(1, 0, 0)
	scale, ratio := Span{0.2, 0.5}, Span{0.5, 2}
	for range 2000 {
		x, y, w, h := pickPart(r, 300, 200, scale, ratio)
		area, aspect := float64(w*h)/(300*200), float64(w)/float64(h)
		if x < 0 || y < 0 || x+w > 300 || y+h > 200 || area < 0.19 || area > 0.51 || math.Abs(math.Log(aspect)) > math.Log(2.05) {
			t.Fatalf("%dx%d at %d, %d: %.3f of the area, proportions %.3f", w, h, x, y, area, aspect)
		}
	}
	if x, y, w, h := pickPart(r, 400, 10, Span{1, 1}, Span{1, 1}); w != 10 || h != 10 || y != 0 || x != 195 { // none fits: the middle
		t.Errorf("of a long image: %dx%d at %d, %d", w, h, x, y)
	}
}

// TestWholeImage: a part of all of a square is the image, resized.
func TestWholeImage(t *testing.T) {
	m := picture(t, "waves 40x40 RGB")
	got, err := Apply(RandomResizedCrop{Size: 24, Scale: Span{1, 1}, Ratio: Span{1, 1}}, m, NewRand(0, 0, 0))
	want, _ := Apply(Resize{Size: 24}, m, nil)
	if err != nil || !slices.Equal(got.Pix, want.Pix) {
		t.Errorf("other pixels than Resize gives, %v", err)
	}
}
