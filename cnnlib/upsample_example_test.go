package cnnlib_test

import "convlab/cnnlib"

func ExampleUpsample() {
	row := []float32{0, 8}
	layOn(cnnlib.Upsample{Factors: []float64{1, 2}}, row)
	layOn(cnnlib.Upsample{Factors: []float64{1, 2}, Linear: true}, row)
	layOn(cnnlib.Upsample{Sizes: []int{1, 5}, Linear: true, AlignCorners: true}, row)
	// Output:
	// [0 0 8 8]
	// [0 2 6 8]
	// [0 2 4 6 8]
}
