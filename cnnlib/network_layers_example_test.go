package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// layOn prints what a layer without weights makes of a row of pixels, an image
// with one channel.
func layOn(l cnnlib.Layer, row []float32) {
	y := must(graph.CallOnce(pureGo(), func(x *graph.Node) *graph.Node { return l.Build(nil, x) },
		tensors.FromFlatDataAndDimensions(row, 1, 1, len(row), 1)))
	fmt.Println(tensors.MustCopyFlatData[float32](y))
}

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

func ExampleHardSwish() {
	row := []float32{-4, -1.5, 0, 3, 6}
	layOn(cnnlib.ReLU6{}, row)
	layOn(cnnlib.HardSigmoid{}, row)
	layOn(cnnlib.HardSwish{}, row)
	// Output:
	// [0 0 0 3 6]
	// [0 0.25 0.5 1 1]
	// [0 -0.375 0 3 6]
}

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
