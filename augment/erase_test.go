package augment

import (
	"errors"
	"testing"
)

// erased are the rows and columns from the first to the last pixel with that
// value, and how many have it.
func erased(x Tensor, value float32) (height, width, n int) {
	top, bottom, left, right := x.H, -1, x.W, -1
	for y := range x.H {
		for c := range x.W {
			if p := x.Data[(y*x.W+c)*3:]; p[0] == value && p[1] == value && p[2] == value {
				top, bottom, left, right, n = min(top, y), max(bottom, y), min(left, c), max(right, c), n+1
			}
		}
	}
	return bottom - top + 1, right - left + 1, n
}

// TestErasing: what is overwritten is one whole rectangle of an allowed area,
// and nothing where P says so.
func TestErasing(t *testing.T) {
	m := picture(t, "waves 37x53 RGB")
	happened := 0
	for seed := range uint64(200) {
		x, err := ApplyTensor(Compose{ToTensor{}, RandomErasing{P: 1, Value: Span{-5}}}, m, NewRand(seed, 0, 0))
		if err != nil {
			t.Fatal(err)
		}
		h, w, n := erased(x, -5)
		if n == 0 {
			continue // no rectangle fitted in ten tries
		}
		happened++
		if part := float64(n) / (37 * 53); n != h*w || part < 0.015 || part > 0.36 {
			t.Fatalf("seed %d: %d pixels in %dx%d", seed, n, h, w)
		}
	}
	if happened < 190 {
		t.Errorf("erased %d of 200 times", happened)
	}
	if _, err := Apply(RandomErasing{}, m, NewRand(0, 0, 0)); !errors.Is(err, ErrNotTensor) {
		t.Errorf("on bytes: error %v", err)
	}
}

// TestCutoutSticksOut: a hole has its centre in the picture, so it is whole or
// cut off at the border.
func TestCutoutSticksOut(t *testing.T) {
	m := picture(t, "waves 37x53 RGB")
	cut := 0
	for seed := range uint64(100) {
		x, err := ApplyTensor(Compose{ToTensor{}, Normalize{Mean: [3]float64{2, 2, 2}, Std: [3]float64{1, 1, 1}}, Cutout{Length: 10}}, m, NewRand(seed, 0, 0))
		if err != nil {
			t.Fatal(err)
		}
		h, w, n := erased(x, 0)
		if n != h*w || h > 10 || w > 10 || h < 5 || w < 5 {
			t.Fatalf("seed %d: %d pixels in %dx%d", seed, n, h, w)
		}
		if h*w < 100 {
			cut++
		}
	}
	if cut == 0 || cut == 100 {
		t.Errorf("%d of 100 holes are cut off", cut)
	}
}
