package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"
)

// Lesson 1.2.1: the cross over the band image.
func ExampleConvolve() {
	show(slide(band, must(cnnlib.ClassicKernel("cross")), cnnlib.Conv{}))
	// Output:
	// [4 3 4]
	// [2 4 3]
	// [2 3 4]
}

// Lesson 1.2.2: six filters over three channels; lesson 1.3: what a 3D kernel
// costs, and what depth is.
func ExampleConv() {
	rgb := cnnlib.Sequential{cnnlib.Conv{Out: 6, Kernel: 3}}
	s := must(rgb.Summary([]int{32, 32, 3}))
	fmt.Println(s.Rows[0].Layer, s.Rows[0].Output, s.Params)

	volume := cnnlib.Sequential{cnnlib.Conv{Out: 1, Kernel: 3}}
	fmt.Println(must(volume.Summary([]int{5, 5, 5, 1})).Rows[0].Output) // 27 numbers
	fmt.Println(must(volume.Summary([]int{5, 5, 5})).Rows[0].Output)    // 9 numbers: depth taken for channels

	for _, in := range [][]int{{16, 32, 32, 3}, {32, 32, 3}} {
		s := must(cnnlib.Sequential{cnnlib.Conv{Out: 64, Kernel: 3}}.Summary(in))
		fmt.Println(s.Rows[0].Layer, s.Params)
	}
	// Output:
	// Conv 6@3x3 [30 30 6] 168
	// [3 3 3 1]
	// [3 3 1]
	// Conv 64@3x3x3 5248
	// Conv 64@3x3 1792
}

// Lesson 1.5: the span of nine weights, and the pixels that three layers touch.
func ExampleConv_dilated() {
	w := cnnlib.Window{Kernel: 3}
	for w.Dilation = 1; w.Dilation <= 3; w.Dilation++ {
		fmt.Println("span", w.Span())
	}
	for _, rates := range [][]int{{2, 2, 2}, {1, 2, 3}, {1, 2, 4}} {
		var net cnnlib.Sequential
		side := 1
		for _, d := range rates {
			net = append(net, cnnlib.Conv{Out: 1, Kernel: 3, Dilation: d, NoBias: true})
			side += 2 * d
		}
		m := must(cnnlib.New(pureGo(), net, []int{side, side, 1}, cnnlib.Options{}))
		touched := 0
		for _, v := range must(m.Influence(make([]uint8, side*side), 1, "")) {
			if v > 0 {
				touched++
			}
		}
		fmt.Println(rates, touched, "of", side*side)
	}
	// Output:
	// span 3
	// span 5
	// span 7
	// [2 2 2] 49 of 169
	// [1 2 3] 169 of 169
	// [1 2 4] 225 of 225
}

// Lesson 1.8: the weights of 12 → 12 channels, and AlexNet's second layer.
func ExampleConv_grouped() {
	var params []int64
	for _, g := range []int{1, 2, 3, 4, 6, 12} {
		net := cnnlib.Sequential{cnnlib.Conv{Out: 12, Kernel: 3, Groups: g, NoBias: true}}
		params = append(params, must(net.Summary([]int{8, 8, 12})).Params)
	}
	fmt.Println(params)
	for g := 1; g <= 2; g++ {
		alex := cnnlib.Sequential{cnnlib.Conv{Out: 256, Kernel: 5, Padding: 2, Groups: g, NoBias: true}}
		fmt.Println(must(alex.Summary([]int{27, 27, 96})).Params)
	}
	_, err := cnnlib.Sequential{cnnlib.Conv{Out: 10, Kernel: 3, Groups: 5}}.Check([]int{8, 8, 96})
	fmt.Println(err)
	// Output:
	// [1296 648 432 324 216 108]
	// 614400
	// 307200
	// cnnlib: layer 0 (Conv 10@3x3 g5): 96 input channels cannot be split into 5 groups
}
