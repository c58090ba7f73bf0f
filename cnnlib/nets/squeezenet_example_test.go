package nets_test

import (
	"fmt"

	"convlab/cnnlib/nets"
)

// A fiftieth of AlexNet's weights.
func ExampleSqueezeNet11() {
	in := []int{224, 224, 3}
	large, err := nets.AlexNet(1000).Check(in)
	if err != nil {
		fmt.Println(err)
		return
	}
	small, err := nets.SqueezeNet11(1000).Check(in)
	fmt.Println(small.Output, small.Params(), large.Params()/small.Params(), err)
	// Output:
	// [1000] 1235496 49 <nil>
}
