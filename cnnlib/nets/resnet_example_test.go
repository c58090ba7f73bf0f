package nets_test

import (
	"fmt"

	"convlab/cnnlib/nets"
)

// ResNet20 has three stages; each halves the image of the one before.
func ExampleResNet20() {
	summary, err := nets.ResNet20(10).Summary(nets.CIFARInput())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range summary.Rows {
		if row.Depth == 0 {
			fmt.Println(row.Path, row.Layer, row.Output, row.Params)
		}
	}
	fmt.Println(summary.Params, "parameters")
	// Output:
	// 0 Conv 16@3x3 [32 32 16] 432
	// 1 BatchNorm [32 32 16] 32
	// 2 ReLU [32 32 16] 0
	// 3 Sequential [32 32 16] 14016
	// 4 Sequential [16 16 32] 51648
	// 5 Sequential [8 8 64] 205696
	// 6 GlobalAvgPool [64] 0
	// 7 Dense 10 [10] 650
	// 272474 parameters
}
