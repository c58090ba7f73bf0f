package cifar_test

import (
	"fmt"

	"convlab/cifar"
)

// Two images as the official files have them, one byte for the class and then
// the red, green and blue pixels, 1,024 of each, shuffled into batches.
func ExampleDecode() {
	raw := make([]byte, 2*3073)
	raw[0], raw[3073] = 3, 6         // a cat and a frog
	raw[1], raw[1+2*1024] = 255, 255 // the cat's first pixel: red and blue
	images, err := cifar.Decode("two.bin", raw)
	if err != nil {
		fmt.Println(err)
		return
	}
	pixels, label := images.Example(0)
	fmt.Println(cifar.Classes[label], pixels[:3])
	for batch := range images.Batches(1, 7, 0) { // size, seed, epoch
		fmt.Println("image", batch.Index[0], cifar.Classes[batch.Labels[0]])
	}
	_, err = cifar.Decode("cut.bin", raw[:100])
	fmt.Println(err)
	// Output:
	// cat [255 0 255]
	// image 1 frog
	// image 0 cat
	// cut.bin: byte 0: the last record has 100 of 3073 bytes
}
