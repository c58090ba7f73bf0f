package weights

import (
	"slices"
	"testing"
)

// TestAxes: PyTorch has the output and input channels first, we have them last.
func TestAxes(t *testing.T) {
	for rank, want := range [][]int{{}, {0}, {1, 0}, {2, 1, 0}, {3, 2, 0, 1}, {4, 3, 0, 1, 2}} {
		if got := toTheirs(rank); !slices.Equal(got, want) {
			t.Errorf("%d axes in PyTorch's order: %v, want %v", rank, got, want)
		}
	}
	shape := []int{2, 3, 4, 5}
	values := make([]float32, 2*3*4*5)
	for i := range values {
		values[i] = float32(i)
	}
	theirs := transpose(values, shape, toTheirs(4))
	if at := ((4*4+3)*2+1)*3 + 2; theirs[at] != values[len(values)-1] || theirs[0] != 0 {
		t.Errorf("row 1, column 2, input 3, output 4 became %g", theirs[at])
	}
	if back := transpose(theirs, permuted(shape, toTheirs(4)), toOurs(4)); !slices.Equal(back, values) {
		t.Error("there and back again the numbers lie elsewhere")
	}
}
