package augment

import (
	"crypto/sha256"
	"encoding/hex"
	"math"
	"slices"
	"testing"
)

// TestMixGolden compares with torchvision for given parameters.
func TestMixGolden(t *testing.T) {
	const n, h, w, classes = 4, 5, 6, 3
	for _, g := range readGolden(t).Mixes {
		x := make([]float32, n*h*w*3)
		for i := range x {
			x[i] = float32(scramble(uint64(i), 1)>>8) * (1.0 / (1 << 24))
		}
		y, err := OneHot([]uint8{2, 0, 1, 2}, classes)
		if err != nil {
			t.Fatal(err)
		}
		if g.Kind == "mixup" {
			MixBy(x, n, g.Lam)
			MixBy(y, n, g.Lam)
		} else {
			MixBy(y, n, CutBy(x, n, h, w, g.Box[0], g.Box[1], g.Box[2], g.Box[3]))
		}
		all := append(slices.Clone(x), y...)
		if sum := sha256.Sum256(floatBytes(all, 0, len(all))); hex.EncodeToString(sum[:]) != g.SHA256 {
			t.Errorf("%s %g %v differs from torchvision", g.Kind, g.Lam, g.Box)
		}
	}
}

// TestMixLambda: Beta(a, a) has mean 1/2 and variance 1/(8a+4).
func TestMixLambda(t *testing.T) {
	r := NewRand(1, 0, 0)
	for _, a := range []float64{0.2, 1, 8} {
		const n = 20000
		sum, square := 0.0, 0.0
		for range n {
			v := beta(r, a)
			if !(v >= 0 && v <= 1) {
				t.Fatalf("beta %g", v)
			}
			sum, square = sum+v, square+v*v
		}
		mean := sum / n
		if got, want := square/n-mean*mean, 1/(8*a+4); math.Abs(mean-0.5) > 0.015 || math.Abs(got/want-1) > 0.05 {
			t.Errorf("Beta(%g, %g): mean %.3f, variance %.4f, want 0.5, %.4f", a, a, mean, got, want)
		}
	}
}

func TestMix(t *testing.T) {
	x, targets := make([]float32, 2*4*4*3), []float32{1, 0, 0, 1}
	for i := range x {
		x[i] = float32(i / 48) // an image of 0 and one of 1
	}
	lambda, err := CutMix{}.Mix(x, targets, 2, 4, 4, NewRand(5, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	sum := 0.0
	for _, v := range x[48:] {
		sum += float64(v)
	}
	if math.Abs(sum/48-lambda) > 1e-6 || math.Abs(float64(targets[3])-lambda) > 1e-6 {
		t.Errorf("λ %g, but %g of the pixels and %g of the label are its own", lambda, sum/48, targets[3])
	}
	if _, err := (CutMix{}).Mix(x, targets, 2, 4, 5, NewRand(0, 0, 0)); err == nil {
		t.Error("wrong shape: no error")
	}
	if _, err := (MixUp{Alpha: -1}).Mix(x, targets, 2, NewRand(0, 0, 0)); err == nil {
		t.Error("negative alpha: no error")
	}
	if _, err := OneHot([]uint8{0, 3}, 3); err == nil {
		t.Error("label 3 of 3 classes: no error")
	}
}
