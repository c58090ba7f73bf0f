package weights

import (
	"slices"
	"testing"
)

// TestONNXAffineThen: 2x + 1, then 3y − 1, is 6x + 2.
func TestONNXAffineThen(t *testing.T) {
	both := affine{one(2), one(1)}.then(affine{one(3), one(-1)})
	if both.scale.at(0) != 6 || both.shift.at(0) != 2 {
		t.Errorf("got %v", both)
	}
}

// TestONNXAffineGoesIntoNeighbours: factors and addends become part of the
// convolution beside them, in its weights.
func TestONNXAffineGoesIntoNeighbours(t *testing.T) {
	const two, ones = "two = Constant value_float:2.0; ", "ones = Constant value_float:1.0; "
	for _, lines := range []string{
		two + ones + "a = Conv x k; b = Mul a two; y = Add b ones",
		two + ones + "a = Conv x k; b = Add a ones; y = Add b ones",
	} {
		net, got := readDrawn(lines)
		if got != "Conv" || len(net.State) != 2 {
			t.Errorf("%s: read as %s", lines, got)
			continue
		}
		bias, err := net.State[1].Float32s()
		if err != nil || slices.Contains(bias, 0) {
			t.Errorf("%s: a bias of %v, error %v", lines, bias, err)
		}
	}
	areRead(t, map[string]string{
		"Scale ReLU": two + "a = Mul x two; y = Relu a",
		"Conv Tanh":  ones + "a = Add x ones; y = Tanh a", // of one pixel, for each channel
		"Tanh":       "zero = Constant value_float:0.0; a = Add x zero; y = Tanh a",
	})
}
