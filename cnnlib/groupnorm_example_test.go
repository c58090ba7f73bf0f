package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"
)

// With two groups of two channels an output channel sees the two of its own
// group.
func ExampleGroupNorm() {
	net := cnnlib.Sequential{cnnlib.GroupNorm{Groups: 2}}
	reach, err := net.Reach([]int{8, 8, 4})
	for _, sees := range reach {
		fmt.Println(sees)
	}
	fmt.Println(err)
	// Output:
	// [true true false false]
	// [true true false false]
	// [false false true true]
	// [false false true true]
	// <nil>
}
