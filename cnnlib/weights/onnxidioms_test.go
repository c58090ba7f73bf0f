package weights

import "testing"

// TestONNXIdioms: layers that exporters write as several nodes.
func TestONNXIdioms(t *testing.T) {
	const split, back = "s = Constant value_ints:0,2,2,4,4; ", "w = Constant value_ints:0,4,4,4; "
	areRead(t, map[string]string{
		"ChannelShuffle":        split + back + "a = Reshape x s; b = Transpose a perm:0,2,1,3,4; y = Reshape b w",
		"neither a Flatten nor": split + back + "a = Reshape x s; b = Transpose a perm:0,2,1,4,3; y = Reshape b w", // turns the image too
		"GlobalAvgPool Dropout": "a = GlobalAveragePool x; b = Dropout a; y = Flatten b",
		"GlobalMaxPool":         "a = GlobalMaxPool x; y = Flatten a",
		"GroupNorm": "g = Constant value_ints:0,2,-1; " + back + "o = Constant value_floats:1.0,1.0; z = Constant value_floats:0.0,0.0; " +
			"a = Reshape x g; b = InstanceNormalization a o z; y = Reshape b w",
	})
}
