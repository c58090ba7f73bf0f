package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"
)

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
