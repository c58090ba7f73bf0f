package cifar_test

import (
	"fmt"

	"convlab/cifar"
)

// The mean and the standard deviation by which CIFAR-10's images are
// normalised before a network sees them.
func ExampleImages_MeanStd() {
	images := &cifar.Images{Pixels: []uint8{0, 51, 102, 255, 51, 153}}
	mean, std := images.MeanStd()
	fmt.Printf("mean %.1f, deviation %.1f\n", mean, std)
	// Output:
	// mean [0.5 0.2 0.5], deviation [0.5 0.0 0.1]
}
