package cnnlib_test

import "convlab/cnnlib"

func ExamplePad() {
	row := []float32{1, 2, 3}
	beside := [][2]int{{0, 0}, {2, 2}}
	layOn(cnnlib.Pad{Sides: beside}, row)
	layOn(cnnlib.Pad{Sides: beside, Mode: cnnlib.PadReflect}, row)
	layOn(cnnlib.Pad{Sides: beside, Mode: cnnlib.PadReplicate}, row)
	// Output:
	// [0 0 1 2 3 0 0]
	// [3 2 1 2 3 2 1]
	// [1 1 1 2 3 3 3]
}
