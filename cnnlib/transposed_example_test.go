package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"

	"github.com/gomlx/gomlx/core/graph"
)

// Lesson 1.4.1: [[1 2] [3 4]] stamped with 1..9, and with one pixel cut off.
func ExampleConvolveTransposed() {
	for padding := range 2 {
		y := must(graph.CallOnce(pureGo(), func(x, k *graph.Node) *graph.Node {
			return cnnlib.ConvolveTransposed(x, k, cnnlib.TransposedConv{Padding: padding})
		}, must(cnnlib.ImageTensor([][]float32{{1, 2}, {3, 4}})), must(cnnlib.FilterTensor(oneToNine))))
		show(must(cnnlib.FirstMap(y)))
	}
	// Output:
	// [1 4 7 6]
	// [7 23 33 24]
	// [19 53 63 42]
	// [21 52 59 36]
	// [23 33]
	// [53 63]
}

// Lesson 1.4.1: a padding too large is named; sizes 7 and 8 both give 3, and
// output padding chooses the way back.
func ExampleTransposedConv() {
	_, err := cnnlib.Sequential{cnnlib.TransposedConv{Out: 1, Kernel: 3, Padding: 2}}.Check([]int{2, 2, 1})
	fmt.Println(err)
	for op := range 2 {
		net := cnnlib.Sequential{cnnlib.TransposedConv{Out: 1, Kernel: 3, Stride: 2, OutputPadding: op}}
		fmt.Println(must(net.Summary([]int{3, 3, 1})).Rows[0].Output)
	}
	// Output:
	// cnnlib: layer 0 (TransposedConv 1@3x3): height: padding 2 before and 2 after leaves 0 of the 4 stamped pixels
	// [7 7 1]
	// [8 8 1]
}

// Lesson 1.4.1: how often each output pixel is stamped. Kernel 3 at stride 2
// gives a checkerboard, kernel 4 does not.
func ExampleTransposedConv_checkerboard() {
	for _, c := range []cnnlib.TransposedConv{{Kernel: 3, Stride: 2}, {Kernel: 4, Stride: 2, Padding: 1}} {
		ones := make([][]float32, c.Kernel)
		for i := range ones {
			ones[i] = []float32{1, 1, 1, 1}[:c.Kernel]
		}
		y := must(graph.CallOnce(pureGo(), func(x, k *graph.Node) *graph.Node { return cnnlib.ConvolveTransposed(x, k, c) },
			must(cnnlib.ImageTensor([][]float32{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}})), must(cnnlib.FilterTensor(ones))))
		rows := must(cnnlib.FirstMap(y))
		show(rows[1:4])
	}
	// Output:
	// [1 1 2 1 2 1 1]
	// [2 2 4 2 4 2 2]
	// [1 1 2 1 2 1 1]
	// [2 4 4 4 4 2]
	// [2 4 4 4 4 2]
	// [2 4 4 4 4 2]
}
