package weights

import "testing"

// TestONNXArithmetic: a constant on either side, and constants that fit no
// channel.
func TestONNXArithmetic(t *testing.T) {
	areRead(t, map[string]string{
		"Scale":                          "c = Constant value_float:4.0; y = Div x c",
		"Scale Tanh":                     "a = Neg x; y = Tanh a",
		"Sum(·, ReLU)":                   "a = Relu x; y = Sum x a",
		"one for each of the 4 channels": "c = Constant value_floats:1.0,2.0,3.0; y = Mul x c",
		"has numbers of type 7, floats are needed": "c = Constant value_int:3; y = Mul x c",
		"it takes 1 values, 2 are read":            "y = Add x",
	})
}
