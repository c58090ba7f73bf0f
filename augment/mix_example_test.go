package augment_test

import (
	"fmt"

	"convlab/augment"
)

func ExampleMixBy() {
	x := []float32{0, 0, 1, 1} // two images of two numbers
	augment.MixBy(x, 2, 0.75)  // three quarters of itself, a quarter of the one before
	fmt.Println(x)
	// Output: [0.25 0.25 0.75 0.75]
}
