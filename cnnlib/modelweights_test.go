package cnnlib

import (
	"slices"
	"testing"

	"convlab/internal/labtest"
)

// TestWeightsByPath: a weight is read and replaced by the path of its layer.
func TestWeightsByPath(t *testing.T) {
	net := Sequential{Residual(Conv{Out: 2, Kernel: 1}), SeparableConv{Out: 3, Kernel: 3}}
	m, err := New(labtest.Go(t), net, []int{4, 4, 2}, Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := m.SetWeight("0.1.0", "weight", []float32{1, 2, 3, 4}); err != nil {
		t.Fatal(err)
	}
	values, shape, err := m.Weight("0.1.0", "weight")
	if err != nil || !slices.Equal(values, []float32{1, 2, 3, 4}) || !slices.Equal(shape, []int{1, 1, 2, 2}) {
		t.Errorf("%v of shape %v, %v", values, shape, err)
	}
	values[0] = 9 // a copy
	if again, _, _ := m.Weight("0.1.0", "weight"); again[0] != 1 {
		t.Error("what was read is the weight itself")
	}
	if _, shape, err := m.Weight("1.depthwise", "bias"); err != nil || !slices.Equal(shape, []int{2}) {
		t.Errorf("bias of a part: %v, %v", shape, err)
	}
	wantError(t, m.SetWeight("0.1.0", "weight", []float32{1}), "has shape [1 1 2 2], got 1 values")
	wantError(t, m.SetWeight("0.1.0", "slope", nil), `layer 0.1.0 (Conv 2@1x1) has no weight "slope"; its weights are ["weight" "bias"]`)
	_, _, err = m.Weight("7", "weight")
	wantError(t, err, "7")
}
