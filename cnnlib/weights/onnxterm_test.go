package weights

import (
	"slices"
	"testing"
)

// TestONNXPerChannel: one number stands for those of all channels, and keeps
// the name of its constant as long as there is one.
func TestONNXPerChannel(t *testing.T) {
	two, each := one(2), perChannel{name: "w", values: []float32{1, 2, 3}}
	mul := func(a, b float32) float32 { return a * b }
	if got := each.with(two, mul); got.name != "w" || !slices.Equal(got.values, []float32{2, 4, 6}) {
		t.Errorf("times 2: %+v", got)
	}
	if got := each.with(each, mul); got.name != "" || got.at(2) != 9 {
		t.Errorf("squared: %+v", got)
	}
	if !two.is(2) || each.is(1) || two.at(7) != 2 {
		t.Error("one number is that of every channel")
	}
	if got := channelsLast([]int{3, 5, 7}); !slices.Equal(got, []int{5, 7, 3}) || !slices.Equal(channelsFirst(got), []int{3, 5, 7}) {
		t.Errorf("[3 5 7] with the channels last is %v", got)
	}
}
