package nets_test

import (
	"fmt"

	"convlab/cnnlib/nets"
)

// A U-Net gives the scores of every class at every pixel.
func ExampleUNet() {
	info, err := nets.UNet(3, 16).Check([]int{32, 48, 3})
	fmt.Println(info.Output, info.Params(), err)
	_, err = nets.UNet(3, 16).Check([]int{40, 40, 3})
	fmt.Println(err)
	// Output:
	// [32 48 3] 1942611 <nil>
	// cnnlib: layer 1.1.1.1.1.1.1 (Concat): branch 0 gives [5 5 128], branch 1 [4 4 128]: Concat joins channels, all other sizes have to be equal
}
