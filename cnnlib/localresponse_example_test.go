package cnnlib_test

import "convlab/cnnlib"

// Each of three channels is divided by 1 + a third of the squares of itself and
// its neighbours.
func ExampleLocalResponseNorm() {
	layOnChannels(cnnlib.LocalResponseNorm{Size: 3, Alpha: 1, Beta: 1}, []float32{1, 2, 3})
	// Output:
	// [0.38 0.35 0.56]
}
