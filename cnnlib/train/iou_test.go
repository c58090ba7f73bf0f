package train

import (
	"math"
	"slices"
	"testing"
)

// TestMeanIoUOfAFew: of three classes the network finds one whole, one half,
// and the third is nowhere.
func TestMeanIoUOfAFew(t *testing.T) {
	logits := [][]float32{{9, 0, 0}, {9, 0, 0}, {0, 9, 0}, {9, 0, 0}}
	got := sumsOf(t, MeanIoU{}, logits, []int32{0, 0, 1, 1})
	if want := []float32{2, 1, 0, 3, 2, 0}; !slices.Equal(got, want) { // intersections, unions
		t.Fatalf("sums %v, want %v", got, want)
	}
	if v := (MeanIoU{}).Value([]float64{2, 1, 0, 3, 2, 0}); math.Abs(v-(2.0/3+1.0/2)/2) > 1e-12 {
		t.Errorf("mean IoU %g", v)
	}
}
