package nets_test

import (
	"fmt"

	"convlab/cnnlib/nets"
)

// A BatchNorm after each convolution costs two numbers for each channel, and no
// multiplications of matrices.
func ExampleVGG16BN() {
	in := []int{224, 224, 3}
	plain, err := nets.VGG16(1000).Check(in)
	fmt.Println(plain.Params(), plain.MACs, err)
	normed, err := nets.VGG16BN(1000).Check(in)
	fmt.Println(normed.Params()-plain.Params(), normed.MACs-plain.MACs, err)
	// Output:
	// 138357544 15470264320 <nil>
	// 8448 0 <nil>
}
