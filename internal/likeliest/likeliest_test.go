package likeliest

import (
	"slices"
	"testing"
)

func TestClasses(t *testing.T) {
	p := []float32{0.1, 0.4, 0.1, 0.4}
	for n, want := range map[int][]int{-1: {}, 0: {}, 1: {1}, 3: {1, 3, 0}, 9: {1, 3, 0, 2}} {
		if got := Classes(p, n); !slices.Equal(got, want) {
			t.Errorf("the %d likeliest of %v are %v, got %v", n, p, want, got)
		}
	}
}
