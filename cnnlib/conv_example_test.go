package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/gobackend"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func pureGo() compute.Backend { return must(gobackend.New("ops_sequential")) }

// slide convolves rows with kernel.
func slide(rows, kernel [][]float32, c cnnlib.Conv) [][]float32 {
	y := must(graph.CallOnce(pureGo(), func(x, k *graph.Node) *graph.Node { return cnnlib.Convolve(x, k, c) },
		must(cnnlib.Plane(rows)), must(cnnlib.Filter(kernel))))
	return must(cnnlib.Rows(y))
}

func show(rows [][]float32) {
	for _, row := range rows {
		fmt.Println(row)
	}
}

var band = [][]float32{{1, 1, 1, 0, 0}, {0, 1, 1, 1, 0}, {0, 0, 1, 1, 1}, {0, 0, 1, 1, 0}, {0, 1, 1, 0, 0}}

var oneToNine = [][]float32{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}

// Lesson 1.2.1: the cross over the band image.
func ExampleConvolve() {
	show(slide(band, must(cnnlib.ClassicKernel("cross")), cnnlib.Conv{}))
	// Output:
	// [4 3 4]
	// [2 4 3]
	// [2 3 4]
}

// Lesson 1.1: networks cross-correlate; with the kernel turned it is the
// convolution of mathematics.
func ExampleTurned() {
	impulse := [][]float32{{0, 0, 0}, {0, 1, 0}, {0, 0, 0}}
	show(slide(impulse, oneToNine, cnnlib.Conv{Padding: 1}))
	show(slide(impulse, cnnlib.Turned(oneToNine), cnnlib.Conv{Padding: 1}))
	// Output:
	// [9 8 7]
	// [6 5 4]
	// [3 2 1]
	// [1 2 3]
	// [4 5 6]
	// [7 8 9]
}

// Lesson 1.2.1: the nine products of the first output number.
func ExampleConv_Matrix() {
	kernel := []float64{1, 0, 1, 0, 1, 0, 1, 0, 1}
	m := must(cnnlib.Conv{Out: 1, Kernel: 3}.Matrix([]int{5, 5, 1}, kernel))
	fmt.Println(len(m.Entries), "products in all")
	sum := 0.0
	for _, e := range m.Row(0) {
		x := float64(band[e.Col/5][e.Col%5])
		fmt.Printf("%v·%v ", x, e.Value)
		sum += x * e.Value
	}
	fmt.Println("=", sum)
	// Output:
	// 81 products in all
	// 1·1 1·0 1·1 0·0 1·1 1·0 0·1 0·0 1·1 = 4
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

// Lesson 1.4.1: [[1 2] [3 4]] stamped with 1..9, and with one pixel cut off.
func ExampleConvolveTransposed() {
	for padding := range 2 {
		y := must(graph.CallOnce(pureGo(), func(x, k *graph.Node) *graph.Node {
			return cnnlib.ConvolveTransposed(x, k, cnnlib.TransposedConv{Padding: padding})
		}, must(cnnlib.Plane([][]float32{{1, 2}, {3, 4}})), must(cnnlib.Filter(oneToNine))))
		show(must(cnnlib.Rows(y)))
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
			must(cnnlib.Plane([][]float32{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}})), must(cnnlib.Filter(ones))))
		rows := must(cnnlib.Rows(y))
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

// Lesson 1.4.2: the matrix of the plain convolution; its transpose is the
// transposed convolution.
func ExampleTransposedConv_Matrix() {
	kernel := []float64{1, 2, 3, 4, 5, 6, 7, 8, 9}
	c := must(cnnlib.Conv{Out: 1, Kernel: 3}.Matrix([]int{4, 4, 1}, kernel))
	fmt.Printf("%dx%d, %d of %d entries are not zero\n", c.Rows, c.Cols, len(c.Entries), c.Rows*c.Cols)
	t := must(cnnlib.TransposedConv{Out: 1, Kernel: 3}.Matrix([]int{2, 2, 1}, kernel))
	fmt.Println(must(t.Mul([]float64{1, 2, 3, 4}))[:4], must(c.Transpose().Mul([]float64{1, 2, 3, 4}))[:4])
	// Output:
	// 4x16, 36 of 64 entries are not zero
	// [1 4 7 6] [1 4 7 6]
}

func firstChannels(n int) *tensors.Tensor {
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(i)
	}
	return tensors.FromFlatDataAndDimensions(values, 1, n)
}

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
