package augment_test

import (
	"bytes"
	"fmt"

	"convlab/augment"
)

// A picture of 32 pixels becomes a speck in the middle of a black one (3.7).
func ExampleCenterCrop() {
	white := augment.NewImage(32, 32)
	for i := range white.Pix {
		white.Pix[i] = 255
	}
	out, err := augment.Apply(augment.CenterCrop{Size: 224}, white, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	picture := bytes.Count(out.Pix, []byte{255, 255, 255})
	fmt.Printf("%dx%d, picture %.2f %%\n", out.W, out.H, 100*float64(picture)/float64(out.W*out.H))
	// Output: 224x224, picture 2.04 %
}
