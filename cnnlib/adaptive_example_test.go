package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"
)

// Five pixels are shared out to two cells: the one in the middle belongs to
// both.
func ExampleAdaptiveAvgPool() {
	layOn(cnnlib.AdaptiveAvgPool{Sizes: []int{1, 2}}, []float32{1, 2, 3, 4, 5})
	// Output:
	// [2 4]
}

// Whatever the size of the image, the Dense behind it gets 2·2·8 features.
func ExampleAdaptiveMaxPool() {
	net := cnnlib.Sequential{cnnlib.Conv{Out: 8, Kernel: 3}, cnnlib.AdaptiveMaxPool{Size: 2}, cnnlib.Flatten{}, cnnlib.Dense{Out: 10}}
	for _, in := range [][]int{{32, 32, 3}, {57, 41, 3}} {
		info, err := net.Check(in)
		fmt.Println(info.Output, info.Params(), err)
	}
	// Output:
	// [10] 554 <nil>
	// [10] 554 <nil>
}
