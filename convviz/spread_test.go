package convviz

import "testing"

// TestSpread: with a stride of 2, the numbers of a 2x3 input lie in every second
// row and column; the rest was put in.
func TestSpread(t *testing.T) {
	s := spread{step: 2, size: [3]int{1, 2, 3}}
	for row := range 3 {
		for column := range 5 {
			if got, want := s.zero(0, row, column), row%2 == 1 || column%2 == 1; got != want {
				t.Errorf("row %d, column %d was put in: %t", row, column, got)
			}
		}
	}
	if !s.zero(0, 4, 0) || !s.zero(1, 0, 0) {
		t.Error("behind the input there are zeros")
	}
	if (spread{}).zero(0, 1, 1) {
		t.Error("where nothing was spread, nothing was put in")
	}
}
