package nets_test

import (
	"fmt"

	"convlab/cnnlib/nets"
)

// For images of 32x32 the first strides are 1.
func ExampleMobileNetV2CIFAR() {
	info, err := nets.MobileNetV2(1000).Check([]int{224, 224, 3})
	fmt.Println(info.Output, info.Params(), info.MACs, err)
	info, err = nets.MobileNetV2CIFAR(10).Check(nets.CIFARInput())
	fmt.Println(info.Output, info.Params(), info.MACs, err)
	// Output:
	// [1000] 3504872 300774272 <nil>
	// [10] 2236682 87976448 <nil>
}
