package recipes

import (
	"math"
	"testing"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/internal/labtest"
)

// TestViewsOfTheTestSet: the six views by their definition.
func TestViewsOfTheTestSet(t *testing.T) {
	images := smooth(1)
	at := func(pixels []uint8, y, x, c int) uint8 { return pixels[(y*cifar.Size+x)*cifar.Channels+c] }
	near := func(i int) int { // reflected at the edge
		if i < 0 {
			return 1
		}
		if i > 31 {
			return 30
		}
		return i
	}
	for _, by := range []int{-1, 0, 1} {
		straight, turned := view(images.Pixels, 1, by, false), view(images.Pixels, 1, by, true)
		for y := range cifar.Size {
			for x := range cifar.Size {
				if got, want := at(straight, y, x, 1), at(images.Pixels, near(y+by), near(x+by), 1); got != want {
					t.Fatalf("shifted by %d: pixel %d, %d is %d, want %d", by, y, x, got, want)
				}
				if at(turned, y, x, 2) != at(straight, y, cifar.Size-1-x, 2) {
					t.Fatalf("shifted by %d: pixel %d, %d is not the mirror image's", by, y, x)
				}
			}
		}
	}
	b := labtest.Go(t)
	m, err := cnnlib.New(b, cnnlib.Sequential{cnnlib.Flatten{}, cnnlib.Dense{Out: 3}}, nets.CIFARInput(), cnnlib.Options{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := meanOverViews(m, images.Pixels, 1)
	if err != nil {
		t.Fatal(err)
	}
	want := make([]float64, 3)
	for by, weight := range map[int]float64{0: 0.25, -1: 0.125, 1: 0.125} {
		for _, mirror := range []bool{false, true} {
			logits, err := m.Predict(view(images.Pixels, 1, by, mirror), 1)
			if err != nil {
				t.Fatal(err)
			}
			for c, v := range logits[0] {
				want[c] += weight * float64(v)
			}
		}
	}
	for c := range want {
		if math.Abs(float64(got[0][c])-want[c]) > 1e-5 {
			t.Errorf("class %d: %g, want %g", c, got[0][c], want[c])
		}
	}
}
