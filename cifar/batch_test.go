package cifar

import (
	"bytes"
	"slices"
	"testing"
)

func TestSplitAndBatches(t *testing.T) {
	s := some(100)
	train, valid, err := s.Split(10, 1)
	if err != nil || train.Len() != 90 || valid.Len() != 10 {
		t.Fatalf("split: %v", err)
	}
	for _, n := range []int{0, 100} {
		if _, _, err := s.Split(n, 1); err == nil {
			t.Errorf("split of %d: no error", n)
		}
	}
	var seen, sizes []int
	for b := range s.Batches(32, 1, 1) {
		seen, sizes = append(seen, b.Index...), append(sizes, len(b.Labels))
		want, label := s.Example(b.Index[0])
		if !bytes.Equal(b.Pixels[:imageBytes], want) || b.Labels[0] != label {
			t.Error("a batch has other pixels than its index says")
		}
	}
	if !slices.Equal(sizes, []int{32, 32, 32, 4}) {
		t.Errorf("sizes %v, want the last partial one kept", sizes)
	}
	if slices.Equal(seen, Order(100, 1, 2)) || !slices.Equal(seen, Order(100, 1, 1)) {
		t.Error("the order should depend on the epoch, and on nothing else")
	}
	slices.Sort(seen)
	for i, v := range seen {
		if i != v {
			t.Fatal("not every image once")
		}
	}
}
