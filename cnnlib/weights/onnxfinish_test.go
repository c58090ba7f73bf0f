package weights

import "testing"

// TestONNXFormsAlone: a part of an idiom without its neighbours is an error
// that says what it should be a part of; limits are layers where there is one.
func TestONNXFormsAlone(t *testing.T) {
	const c = "c = Constant value_ints:0,2,2,4,4; "
	areRead(t, map[string]string{
		"ReLU6":                                "y = Clip x min:0.0 max:6.0",
		"ReLU":                                 "y = Clip x min:0.0",
		"Tanh":                                 "a = Clip x; y = Tanh a",
		"it keeps numbers from 1 to 2":         "y = Clip x min:1.0 max:2.0",
		"perm is [0 3 2 1]: it is not part of": "y = Transpose x perm:0,3,2,1",
		"neither a Flatten nor part of a channel shuffle":  c + "y = Reshape x c",
		"only all spatial axes are reduced":                "y = ReduceMean x axes:2,",
		"it keeps places 0 to 1 along axis 2":              "y = Slice x starts:0, ends:2, axes:2,",
		"is read in a local response norm alone":           "three = Constant value_float:3.0; y = Pow x three",
		"it works along the last axis of [batch, [4 4 4]]": "s = Constant value_floats:1.0,1.0,1.0,1.0; y = LayerNormalization x s",
	})
}
