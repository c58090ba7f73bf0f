package convviz_test

import (
	"fmt"
	"os"
	"path/filepath"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/convviz"

	"github.com/janpfeifer/must"
)

// A notebook cell, with must as cells have it. Outside a notebook Show does
// nothing, and Write saves a file.
func ExampleShow() {
	os.Setenv("CONVLAB_LANG", "en")
	p := must.M1(convviz.Network(nets.LeNet(), nets.CIFARInput()))
	must.M(convviz.Show(p))
	dir := must.M1(os.MkdirTemp("", "convviz"))
	defer os.RemoveAll(dir)
	must.M(convviz.Write(filepath.Join(dir, "network.svg"), p))
	fmt.Println(p.Alt[:47])
	// Output:
	// Network: input, 32x32x3 → Conv 6@3x3, 30x30x6
}

// A network that branches is drawn with what is repeated on one card. Inside
// opens it by the path on the card.
func ExampleInside() {
	os.Setenv("CONVLAB_LANG", "en")
	p := must.M1(convviz.Inside(nets.ResNet20(10), nets.CIFARInput(), "3.1.0"))
	fmt.Println(p.Alt)
	// Output:
	// 3.1.0 Sum: input, 32x32x16 → [3.1.0.0.0 Conv 16@3x3, + BatchNorm, ReLU, 32x32x16, 2,336 params, sees 9x9 → 3.1.0.0.3 Conv 16@3x3, + BatchNorm, 32x32x16, 2,336 params, sees 11x11 | –] + 3.1.0 Sum, 32x32x16, sees 11x11. 4,672 params, 4,718,592 MACs
}

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
