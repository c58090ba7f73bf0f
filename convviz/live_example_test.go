package convviz_test

import (
	"fmt"
	"os"

	"convlab/cnnlib"
	"convlab/convviz"

	"github.com/janpfeifer/must"
)

// A page on which a transposed convolution is changed and watched. In a cell:
//
//	must.M(convviz.ShowPage(convviz.Live(stamps)))
func ExampleLive() {
	os.Setenv("CONVLAB_LANG", "en")
	stamps := convviz.Case{
		Layer: cnnlib.TransposedConv{Out: 1, Kernel: 3}, Shape: []int{2, 2, 1},
		Input: []float64{1, 2, 3, 4}, Kernels: [][]float64{{1, 2, 3, 4, 5, 6, 7, 8, 9}},
	}
	fmt.Println(must.M1(convviz.Live(stamps)).Alt)
	// Output:
	// TransposedConv 1@3x3. input 1 2; 3 4. kernel 1 2 3; 4 5 6; 7 8 9. output 1 4 7 6; 7 23 33 24; 19 53 63 42; 21 52 59 36.
}
