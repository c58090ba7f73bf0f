package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"
)

// Lesson 1.6.1: 81 multiplications on 5x5 become 72.
func ExampleSpatialConv() {
	in := []int{5, 5, 1}
	for _, l := range []cnnlib.Layer{cnnlib.Conv{Out: 1, Kernel: 3}, cnnlib.SpatialConv{Out: 1, Kernel: 3}} {
		s := must(cnnlib.Sequential{l}.Summary(in))
		fmt.Println(s.Rows[0].Layer, s.Rows[0].Output, s.MACs)
	}
	// Output:
	// Conv 1@3x3 [3 3 1] 81
	// SpatialConv 1@3x3 [3 3 1] 72
}

// Lesson 1.6.2: the second convolution of network 3.2.
func ExampleSeparableConv() {
	in := []int{15, 15, 32}
	for _, l := range []cnnlib.Layer{cnnlib.Conv{Out: 128, Kernel: 3}, cnnlib.SeparableConv{Out: 128, Kernel: 3}} {
		s := must(cnnlib.Sequential{l}.Summary(in))
		fmt.Println(s.Rows[0].Layer, s.Params, "params", s.MACs, "MACs")
	}
	// Output:
	// Conv 128@3x3 36992 params 6230016 MACs
	// SeparableConv 128@3x3 4544 params 740896 MACs
}

// Lesson 1.7: a 3x3x64 filter has 576 weights, flattened 70.
func ExampleFlattenedConv() {
	in := []int{16, 16, 64}
	for _, l := range []cnnlib.Layer{cnnlib.Conv{Out: 1, Kernel: 3, NoBias: true}, cnnlib.FlattenedConv{Out: 1, Kernel: 3, NoBias: true}} {
		fmt.Println(must(cnnlib.Sequential{l}.Summary(in)).Params)
	}
	// Output:
	// 576
	// 70
}
