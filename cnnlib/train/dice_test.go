package train

import (
	"math"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// TestDiceOfAreas: sure and right is 0, sure and wrong 1, half of the area
// found 1 − 2·1/(1 + 2).
func TestDiceOfAreas(t *testing.T) {
	const yes, no = 50, -50 // the sigmoid is 1 and 0
	truth := []float32{1, 1, 0, 0}
	for name, c := range map[string]struct {
		logits []float32
		want   float64
	}{
		"right": {[]float32{yes, yes, no, no}, 0}, "wrong": {[]float32{no, no, yes, yes}, 1}, "half": {[]float32{yes, no, no, no}, 1.0 / 3},
	} {
		loss := graph.MustExecOnce(labtest.Go(t), func(logits, targets *graph.Node) *graph.Node { return Dice{}.Build(logits, targets) },
			tensors.FromFlatDataAndDimensions(c.logits, 1, 2, 2, 1), tensors.FromFlatDataAndDimensions(truth, 1, 2, 2, 1))
		if got := float64(tensors.ToScalar[float32](loss)); math.Abs(got-c.want) > 1e-4 {
			t.Errorf("%s: %g, want %g", name, got, c.want)
		}
	}
}
