package augment_test

import (
	"fmt"

	"convlab/augment"
)

// Pixels to tensor: (v/255 − mean)/std in each channel.
func ExampleNormalize() {
	m := augment.Image{W: 1, H: 1, Pix: []uint8{0, 128, 255}}
	x, err := augment.ApplyTensor(augment.Compose{augment.ToTensor{}, augment.ImageNet}, m, nil)
	fmt.Println(x.Data, err)
	// Output: [-2.117904 0.2051822 2.64] <nil>
}
