package weights

import "testing"

// TestONNXChannelsLast: layers between a Transpose and the one that undoes it
// work along the channels.
func TestONNXChannelsLast(t *testing.T) {
	const there, back = "a = Transpose x perm:0,2,3,1; ", "y = Transpose b perm:0,3,1,2"
	const ones, half = "s = Constant value_floats:1.0,1.0,1.0,1.0; ", "h = Constant value_float:0.5; "
	areRead(t, map[string]string{
		"LayerNorm":         ones + there + "b = LayerNormalization a s; " + back,
		"ReLU":              there + "b = Relu a; " + back,
		"Scale":             half + there + "b = Mul a h; " + back,
		"it is not part of": there + "y = Relu a",
	})
}
