package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"
)

// Lesson 2.2: three 3x3 against one 7x7.
func ExampleSequential_Summary() {
	for _, c := range []int{16, 64, 256} {
		layer := cnnlib.Conv{Out: c, Kernel: 3, Same: true, NoBias: true}
		three := must(cnnlib.Sequential{layer, layer, layer}.Summary([]int{32, 32, c}))
		layer.Kernel = 7
		one := must(cnnlib.Sequential{layer}.Summary([]int{32, 32, c}))
		fmt.Println(c, three.Params, one.Params)
	}
	// Output:
	// 16 6912 12544
	// 64 110592 200704
	// 256 1769472 3211264
}
