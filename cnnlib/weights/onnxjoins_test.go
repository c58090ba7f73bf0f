package weights

import "testing"

// TestONNXJoins: what can be joined, and along which axis.
func TestONNXJoins(t *testing.T) {
	areRead(t, map[string]string{
		"examples of a batch stay apart":            "y = Concat x x axis:0",
		"it joins along axis 2 of [batch, channels": "y = Concat x x axis:2",
		"it joins along axis 7 of 4":                "y = Concat x x axis:7",
		"all other sizes have to be equal":          "a = MaxPool x kernel_shape:2,2; y = Concat x a axis:1",
		"sizes have to be equal, or 1":              "a = MaxPool x kernel_shape:2,2; y = Add x a",
		"ReLU":                                      "a = Concat x axis:1; y = Relu a", // of one value it is that value
		"Concat(·, ReLU) Concat(·, Tanh)":           "a = Relu x; c = Concat x a axis:-3; b = Tanh c; y = Concat x a b axis:1",
	})
}
