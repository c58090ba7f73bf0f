package weights

import "testing"

// TestONNXNamesOfValues: each has one maker, and what is computed of constants
// and of sizes is known when the file is read.
func TestONNXNamesOfValues(t *testing.T) {
	areRead(t, map[string]string{
		"has no name, or that of another value": "a = Relu x; a = Tanh x; y = Add a x",
		"a constant with a tensor, or with":     "c = Constant nothing:1; y = Add x c",
		"export the model with fixed sizes":     "c = Constant value_ints:-1,-1; s = Shape x; r = Reshape s c; y = Reshape x r",
		"Flatten":                               "s = Shape x start:0 end:1; m = Constant value_ints:-1,; t = Concat s m axis:0; y = Reshape x t",
	})
}
