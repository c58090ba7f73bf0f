package train

import (
	"math"
	"testing"
)

func TestSchedule(t *testing.T) {
	s := Schedule{Start: 0.2, Peak: 0.25, End: 0.1}
	for done, want := range map[int]float64{0: 0.2, 1: 0.6, 2: 1, 5: 0.55, 8: 0.1} {
		if got := s.factor(done, 8); math.Abs(got-want) > 1e-12 {
			t.Errorf("after %d of 8 steps %g, want %g", done, got, want)
		}
	}
	if got := (Schedule{}).factor(3, 8); got != 1 {
		t.Errorf("no schedule: %g", got)
	}
}
