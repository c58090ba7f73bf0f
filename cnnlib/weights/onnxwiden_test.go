package weights

import "testing"

// TestONNXWiden: axes of size 1 that are taken off after a pool and put on again
// before a join are no layers.
func TestONNXWiden(t *testing.T) {
	areRead(t, map[string]string{
		"Product(·, GlobalAvgPool Sigmoid)":     "a = GlobalAveragePool x; b = Squeeze a axes:2,3; c = Sigmoid b; d = Unsqueeze c axes:2,3; y = Mul x d",
		"AdaptiveAvgPool ReLU":                  "a = GlobalAveragePool x; b = Squeeze a axes:2,3; c = Unsqueeze b axes:2,3; y = Relu c",
		"AdaptiveAvgPool Conv":                  "a = GlobalAveragePool x; y = Conv a k",
		"Product(·, AdaptiveMaxPool Conv ReLU)": "a = GlobalMaxPool x; f = Flatten a; b = Unsqueeze f axes:2,3; c = Conv b k; d = Relu c; y = Mul x d",
	})
}
