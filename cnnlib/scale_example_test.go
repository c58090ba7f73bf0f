package cnnlib_test

import "convlab/cnnlib"

// The smaller the factor, the less sure the first probabilities are.
func ExampleScale() {
	logits := []float32{0, 3}
	layOnChannels(cnnlib.Sequential{cnnlib.SoftmaxLayer{}}, logits)
	layOnChannels(cnnlib.Sequential{cnnlib.Scale{By: 1.0 / 9}, cnnlib.SoftmaxLayer{}}, logits)
	// Output:
	// [0.05 0.95]
	// [0.42 0.58]
}
