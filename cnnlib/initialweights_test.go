package cnnlib

import (
	"math"
	"slices"
	"testing"
)

// The first values are uniform in ±1/√FanIn, those of a seed are always the
// same, and no two weights of a network share them; without FanIn all are Start.
func TestFirstValues(t *testing.T) {
	w := Weight{Name: "weight", Shape: []int{30, 400}, FanIn: 25}
	values := w.first(1, 0, 0)
	if len(values) != 12000 {
		t.Fatalf("%d values", len(values))
	}
	var sum, squares float64
	for _, v := range values {
		if math.Abs(float64(v)) > 0.2 {
			t.Fatalf("%g is outside of 1/√25", v)
		}
		sum, squares = sum+float64(v), squares+float64(v)*float64(v)
	}
	n := float64(len(values))
	deviation := 0.2 / math.Sqrt(3) // of a uniform distribution
	if mean := sum / n; math.Abs(mean) > 4*deviation/math.Sqrt(n) {
		t.Errorf("the mean of %g values is %g", n, mean)
	}
	if got := math.Sqrt(squares / n); math.Abs(got/deviation-1) > 0.02 {
		t.Errorf("the deviation is %g, want %g", got, deviation)
	}
	if !slices.Equal(values, w.first(1, 0, 0)) {
		t.Error("the same seed gives other values")
	}
	seen := map[float32][3]uint64{}
	for _, of := range [][3]uint64{{1, 0, 0}, {2, 0, 0}, {1, 1, 0}, {1, 0, 1}, {1, 0, 256}, {1, 1, 255}, {1, 256, 0}} {
		first := w.first(of[0], int(of[1]), int(of[2]))[0]
		if other, taken := seen[first]; taken {
			t.Errorf("seed, layer and weight %v begin like %v", of, other)
		}
		seen[first] = of
	}
	if got := (Weight{Shape: []int{3}, Start: 1}).first(1, 0, 0); !slices.Equal(got, []float32{1, 1, 1}) {
		t.Errorf("without FanIn: %v", got)
	}
}
