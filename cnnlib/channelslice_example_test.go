package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"
)

// A split of the channels in two is a branch for each half (ShuffleNetV2): one
// passes, the other is convolved.
func ExampleChannelSlice() {
	split := cnnlib.Branches{Layers: []cnnlib.Layer{
		cnnlib.ChannelSlice{To: 4},
		cnnlib.Sequential{cnnlib.ChannelSlice{From: 4}, cnnlib.Conv{Out: 4, Kernel: 3, Same: true}},
	}}
	info, err := split.Check([]int{32, 32, 8})
	fmt.Println(info.Output, info.Params(), err)
	// Output:
	// [32 32 8] 148 <nil>
}
