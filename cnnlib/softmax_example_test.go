package cnnlib_test

import "convlab/cnnlib"

// Three logits, of which the last is ln 2 above the others, become a quarter,
// a quarter and a half.
func ExampleSoftmaxLayer() {
	layOnChannels(cnnlib.SoftmaxLayer{}, []float32{0, 0, 0.6931472})
	layOnChannels(cnnlib.LogSoftmaxLayer{}, []float32{5, 5})
	// Output:
	// [0.25 0.25 0.50]
	// [-0.69 -0.69]
}
