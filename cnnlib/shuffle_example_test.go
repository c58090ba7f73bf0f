package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Lesson 1.9: the fixed order of a shuffle, and what two layers reach with it.
func ExampleChannelShuffle() {
	y := must(graph.CallOnce(pureGo(), func(x *graph.Node) *graph.Node { return cnnlib.Shuffle(x, 3) }, firstChannels(12)))
	fmt.Println(must(tensors.CopyFlatData[float32](y)))
	for _, g := range []int{3, 4, 6} {
		layer := cnnlib.Conv{Out: 12, Kernel: 3, Same: true, Groups: g}
		plain := must(cnnlib.Sequential{layer, layer}.Reach([]int{8, 8, 12}))
		mixed := must(cnnlib.Sequential{layer, cnnlib.ChannelShuffle{Groups: g}, layer}.Reach([]int{8, 8, 12}))
		fmt.Printf("%d groups: %.0f %% → %.0f %%\n", g, 100*plain.Share(), 100*mixed.Share())
	}
	// Output:
	// [0 4 8 1 5 9 2 6 10 3 7 11]
	// 3 groups: 33 % → 100 %
	// 4 groups: 25 % → 75 %
	// 6 groups: 17 % → 33 %
}

// Lesson 1.9: a grouped convolution and its shuffle in one layer.
func ExampleShuffledConv() {
	layer := cnnlib.ShuffledConv{Out: 12, Kernel: 3, Same: true, Groups: 3}
	fmt.Println(layer.Name(), must(cnnlib.Sequential{layer}.Summary([]int{8, 8, 12})).Params)
	fmt.Println(must(cnnlib.Sequential{layer, layer}.Reach([]int{8, 8, 12})).Share())
	// Output:
	// ShuffledConv 12@3x3 g3 444
	// 1
}
