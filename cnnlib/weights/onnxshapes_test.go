package weights

import "testing"

// TestONNXShapes: examples of a batch stay apart, and what lays the numbers
// out in another shape is a Flatten or part of a layer.
func TestONNXShapes(t *testing.T) {
	const flat, whole, wrong = "s = Constant value_ints:0,-1; ", "s = Constant value_ints:-1,64; ", "s = Constant value_ints:-1,32; "
	areRead(t, map[string]string{
		"Flatten":                                 flat + "y = Reshape x s",
		"Flatten Tanh":                            whole + "a = Reshape x s; y = Tanh a",
		"does not keep the examples":              wrong + "y = Reshape x s",
		"axis is 2 of 4 axes":                     "y = Flatten x axis:2",
		"ReLU":                                    "a = Transpose x perm:0,1,2,3; y = Relu a",
		"perm is [1 0 2 3]: it moves the batch":   "y = Transpose x perm:1,0,2,3",
		"perm is [0 0 1 2] for 4 axes":            "y = Transpose x perm:0,0,1,2",
		"axes [2] of [batch, [4 4 4]] are not of": "y = Squeeze x axes:2,",
		"it should add axes after that of the":    "y = Unsqueeze x axes:0,",
	})
}
