package cnnlib_test

import "convlab/cnnlib"

func ExampleHardSwish() {
	row := []float32{-4, -1.5, 0, 3, 6}
	layOn(cnnlib.ReLU6{}, row)
	layOn(cnnlib.HardSigmoid{}, row)
	layOn(cnnlib.HardSwish{}, row)
	// Output:
	// [0 0 0 3 6]
	// [0 0.25 0.5 1 1]
	// [0 -0.375 0 3 6]
}
