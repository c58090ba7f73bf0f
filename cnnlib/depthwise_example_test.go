package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"
)

// Lesson 1.6.2: every channel has a kernel of its own; with a multiplier of 2,
// two.
func ExampleDepthwiseConv() {
	for multiplier := 1; multiplier <= 2; multiplier++ {
		net := cnnlib.Sequential{cnnlib.DepthwiseConv{Kernel: 3, Multiplier: multiplier, NoBias: true}}
		s := must(net.Summary([]int{15, 15, 32}))
		fmt.Println(s.Rows[0].Layer, s.Rows[0].Output, s.Params)
	}
	// Output:
	// DepthwiseConv 3x3 [13 13 32] 288
	// DepthwiseConv 3x3 [13 13 64] 576
}
