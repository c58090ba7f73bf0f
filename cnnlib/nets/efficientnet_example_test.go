package nets_test

import (
	"fmt"

	"convlab/cnnlib/nets"
)

// It takes any size of image; what it costs grows with the pixels, its weights
// do not.
func ExampleEfficientNetB0() {
	for _, side := range []int{224, 448} {
		info, err := nets.EfficientNetB0(1000).Check([]int{side, side, 3})
		fmt.Println(side, info.Output, info.Params(), info.MACs/1_000_000, "million multiplications", err)
	}
	// Output:
	// 224 [1000] 5288548 385 million multiplications <nil>
	// 448 [1000] 5288548 1537 million multiplications <nil>
}
