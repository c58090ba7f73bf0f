package nets_test

import (
	"fmt"

	"convlab/cnnlib/nets"
)

// Half as many channels in each stage are a quarter of the multiplications.
func ExampleShuffleNetV2Half() {
	in := []int{224, 224, 3}
	whole, err := nets.ShuffleNetV2(1000).Check(in)
	fmt.Println(whole.Params(), whole.MACs, err)
	half, err := nets.ShuffleNetV2Half(1000).Check(in)
	fmt.Println(half.Params(), half.MACs, err)
	// Output:
	// 2278604 144907992 <nil>
	// 1366792 40476448 <nil>
}
