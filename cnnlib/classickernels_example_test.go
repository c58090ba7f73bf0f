package cnnlib_test

import "convlab/cnnlib"

// Lesson 1.1: networks cross-correlate; with the kernel turned it is the
// convolution of mathematics.
func ExampleTurned() {
	impulse := [][]float32{{0, 0, 0}, {0, 1, 0}, {0, 0, 0}}
	show(slide(impulse, oneToNine, cnnlib.Conv{Padding: 1}))
	show(slide(impulse, cnnlib.Turned(oneToNine), cnnlib.Conv{Padding: 1}))
	// Output:
	// [9 8 7]
	// [6 5 4]
	// [3 2 1]
	// [1 2 3]
	// [4 5 6]
	// [7 8 9]
}
