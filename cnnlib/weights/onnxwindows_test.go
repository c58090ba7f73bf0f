package weights

import "testing"

// TestONNXWindows: convolutions and pools by their names, or what is wrong.
func TestONNXWindows(t *testing.T) {
	areNamed(t, map[string]string{
		"Conv 4@1x1":                       "y = Conv x k",
		"Conv 4@1x1 s2":                    "y = Conv x k strides:2,2",
		"TransposedConv 4@1x1 s2":          "y = ConvTranspose x k strides:2,2",
		"MaxPool 2x2":                      "y = MaxPool x kernel_shape:2,2 strides:2,2",
		"AvgPool 3x2":                      "y = AveragePool x kernel_shape:3,2",
		"kernel_shape [3 3], the weights":  "y = Conv x k kernel_shape:3,3",
		"ceil_mode is 2, 0 or 1 is needed": "y = MaxPool x kernel_shape:2,2 ceil_mode:2",
		"group is 0":                       "y = Conv x k group:0",
		"it needs images":                  "a = Flatten x; y = MaxPool a kernel_shape:2,",
		"weights of shape [4 4 1 1] on an": "a = Flatten x; y = Conv a k",
	})
}
