package weights

import "testing"

// TestONNXSlices: channels are cut and split, nothing else.
func TestONNXSlices(t *testing.T) {
	areNamed(t, map[string]string{
		"ChannelSlice 1:3":           "y = Slice x starts:1, ends:3, axes:1,",
		"ChannelSlice 2:":            "y = Slice x starts:-2, ends:99, axes:1,",
		"only channels are cut":      "y = Slice x starts:0, ends:1, axes:0,",
		"ReLU":                       "a = Slice x starts:0, ends:99, axes:2,; y = Relu a", // it keeps everything
		"ChannelSlice 3:":            "a y = Split x axis:1 split:3,1",
		"parts of [3 3] do not make": "a y = Split x axis:1 split:3,3",
		"only channels are split":    "a y = Split x axis:2",
		"what it keeps is not known": "y = Slice x starts:0, axes:1,",
	})
}
