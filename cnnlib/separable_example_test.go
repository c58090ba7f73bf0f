package cnnlib_test

import (
	"fmt"
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
)

// Lesson 1.6.1: Sobel is one column times one row; the Laplacian is not.
func ExampleSeparate() {
	for _, name := range []string{"sobel x", "laplacian"} {
		s := must(cnnlib.Separate(must(cnnlib.ClassicKernel(name))))
		fmt.Printf("%s: rank %d, column %.2f, row %.2f, one part misses %.0f %%\n", name, s.Rank(), s.Columns[0], s.Rows[0], 100*s.Error(1))
	}
	// Output:
	// sobel x: rank 1, column [1.00 2.00 1.00], row [-1.00 0.00 1.00], one part misses 0 %
	// laplacian: rank 2, column [1.00 -4.45 1.00], row [-0.20 0.91 -0.20], one part misses 10 %
}

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

// Lesson 1.9: a grouped convolution and its shuffle in one layer.
func ExampleShuffledConv() {
	layer := cnnlib.ShuffledConv{Out: 12, Kernel: 3, Same: true, Groups: 3}
	fmt.Println(layer.Name(), must(cnnlib.Sequential{layer}.Summary([]int{8, 8, 12})).Params)
	fmt.Println(must(cnnlib.Sequential{layer, layer}.Reach([]int{8, 8, 12})).Share())
	// Output:
	// ShuffledConv 12@3x3 g3 444
	// 1
}

// Lesson 2.1: three 3x3 see 7x7; with stride 2 each, 15x15.
func ExampleSequential_ReceptiveField() {
	for stride := 1; stride <= 2; stride++ {
		layer := cnnlib.Conv{Out: 8, Kernel: 3, Stride: stride}
		net := cnnlib.Sequential{layer, layer, layer}
		fmt.Printf("%+v\n", must(net.ReceptiveField([]int{32, 32, 3}, "2"))[0])
	}
	from, to, err := nets.LeNet().Sees(nets.CIFARInput(), "5", 0, 5)
	fmt.Println(from, to, err)
	// Output:
	// {Size:7 Jump:1 Start:0}
	// {Size:15 Jump:8 Start:0}
	// [0 20] [9 29] <nil>
}

// Lesson 2.1: with uniform kernels a unit hears the middle of its field most.
func ExampleModel_Influence() {
	layer := cnnlib.Conv{Out: 1, Kernel: 3, NoBias: true}
	m := must(cnnlib.New(pureGo(), cnnlib.Sequential{layer, layer, layer}, []int{7, 7, 1}, cnnlib.Options{}))
	for i := range 3 {
		if err := m.SetWeight(cnnlib.At(i), "weight", slices.Repeat([]float32{1}, 9)); err != nil {
			panic(err)
		}
	}
	map7 := must(m.Influence(make([]uint8, 49), 1, ""))
	for _, v := range map7[3*7 : 4*7] {
		fmt.Printf("%.0f ", v*27*27/7)
	}
	fmt.Printf("centre %.1f %%, corner %.2f %%\n", 100*map7[24], 100*map7[0])
	// Output:
	// 1 3 6 7 6 3 1 centre 6.7 %, corner 0.14 %
}

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
