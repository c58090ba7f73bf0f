package nets_test

import (
	"fmt"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
)

// Its activations are cheap ones, and some blocks weigh their channels.
func ExampleMobileNetV3Small() {
	root, err := cnnlib.Resolve(nets.MobileNetV3Small(1000), []int{224, 224, 3})
	if err != nil {
		fmt.Println(err)
		return
	}
	count := map[string]int{}
	for _, step := range root.Steps() {
		count[step.Title()]++
	}
	for _, name := range []string{"ReLU", "HardSwish", "HardSigmoid", "Product"} {
		fmt.Println(name, count[name])
	}
	// Output:
	// ReLU 14
	// HardSwish 19
	// HardSigmoid 9
	// Product 9
}
