package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"
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
