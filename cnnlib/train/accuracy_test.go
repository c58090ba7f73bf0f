package train

import (
	"slices"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// sumsOf are the sums of a metric over logits and labels.
func sumsOf(t *testing.T, m Metric, logits, labels any) []float32 {
	t.Helper()
	out := graph.MustExecOnce(labtest.Go(t), func(logits, labels *graph.Node) *graph.Node { return m.Sums(logits, labels) }, logits, labels)
	return tensors.MustCopyFlatData[float32](out)
}

// TestAccuracyOfAFew: right answers and all, by the largest of three logits, by
// the two largest, and by a single one above 0.
func TestAccuracyOfAFew(t *testing.T) {
	logits := [][]float32{{3, 2, 1}, {1, 2, 3}, {2, 3, 1}, {0, 0, 5}}
	labels := []int32{0, 0, 0, 1}
	if got := sumsOf(t, Accuracy{}, logits, labels); !slices.Equal(got, []float32{1, 4}) {
		t.Errorf("accuracy: %v, want 1 of 4", got)
	}
	if got := sumsOf(t, TopK{K: 2}, logits, labels); !slices.Equal(got, []float32{3, 4}) { // of equals both are among the two
		t.Errorf("top 2: %v, want 3 of 4", got)
	}
	if got := sumsOf(t, Accuracy{}, []float32{-1, 2, 0.5, 0}, []int32{0, 1, 0, 0}); !slices.Equal(got, []float32{3, 4}) {
		t.Errorf("one output each: %v, want 3 of 4", got)
	}
	if v := (TopK{}).Value([]float64{3, 4}); v != 0.75 || (TopK{}).Name() != "top 5" {
		t.Errorf("%s is %g", TopK{}.Name(), v)
	}
}
