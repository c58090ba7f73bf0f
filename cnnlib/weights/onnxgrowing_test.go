package weights

import "testing"

// TestONNXOperands: a node works on what depends on the network's input.
func TestONNXOperands(t *testing.T) {
	areRead(t, map[string]string{
		`it takes "z", which no node before it gives`:               "y = Relu z",
		`its input 0 is the constant "k"`:                           "y = Relu k",
		"it has no input 0":                                         "a = Relu x; y = Relu",
		"input 1 is no constant of the file":                        "a = Relu x; y = Conv x a",
		"constant \"k\" has shape [4 4 1 1], should have [4 2 1 1]": "y = Conv x k group:2",
	})
}
