package median

import (
	"slices"
	"testing"
	"time"
)

func TestOf(t *testing.T) {
	values := []float64{3, 1, 2}
	if got := Of(values); got != 2 || !slices.Equal(values, []float64{3, 1, 2}) {
		t.Errorf("got %g and %v, want 2 and the values as they were", got, values)
	}
	if got := Of([]time.Duration{4, 1, 2, 8}); got != 3 {
		t.Errorf("got %v, want 3", got)
	}
}
