package nets_test

import (
	"fmt"

	"convlab/cnnlib/nets"
)

// Nearly all of its weights are those of the dense layers.
func ExampleAlexNet() {
	summary, err := nets.AlexNet(1000).Summary([]int{224, 224, 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, row := range summary.Rows {
		if row.Depth == 0 {
			fmt.Println(row.Name, row.Output, row.Params)
		}
	}
	// Output:
	// features [6 6 256] 2469696
	// avgpool [6 6 256] 0
	// 2 [9216] 0
	// classifier [1000] 58631144
}
