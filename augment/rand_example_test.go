package augment_test

import (
	"fmt"

	"convlab/augment"
)

// The same seed, epoch and index give the same choice; the next epoch gives
// another.
func ExampleNewRand() {
	shift := augment.RandomCrop{Size: 3, Padding: augment.Border{1}}
	dot := augment.NewImage(3, 3)
	copy(dot.Pix[4*3:], []uint8{255, 255, 255})
	for _, epoch := range []int{0, 0, 1} {
		out, _ := augment.Apply(shift, dot, augment.NewRand(7, epoch, 0))
		for y := range 3 {
			for x := range 3 {
				fmt.Print(out.At(x, y)[0]/255, " ")
			}
		}
		fmt.Println("in epoch", epoch)
	}
	// Output:
	// 0 0 0 0 1 0 0 0 0 in epoch 0
	// 0 0 0 0 1 0 0 0 0 in epoch 0
	// 0 0 1 0 0 0 0 0 0 in epoch 1
}

// After torch.manual_seed(0), RandomRotation(45) of torchvision turns by the
// first number here.
func ExampleNewTorchRand() {
	r := augment.NewTorchRand(0)
	fmt.Println(r.Uniform(-45, 45), r.Float())
	// Output: -0.3369069 0.7682218
}
