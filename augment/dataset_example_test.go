package augment_test

import (
	"bytes"
	"context"
	"fmt"

	"convlab/augment"
)

// white is a data set of n white images of 2x2 pixels.
type white int

func (w white) Len() int { return int(w) }

func (w white) Example(int) ([]uint8, uint8) { return bytes.Repeat([]byte{255}, 12), 0 }

// What a training sees of 5 images in an epoch, in batches of 2.
func ExampleDataset() {
	d := &augment.Dataset{Examples: white(5), Height: 2, Width: 2, Transform: augment.Compose{augment.Pad{Padding: augment.Border{1}}, augment.CenterCrop{Size: 2}}}
	fmt.Println(d)
	for pixels, err := range d.Batches(context.Background(), []int{4, 0, 2, 1, 3}, 2, 1) {
		fmt.Println(len(pixels)/12, "images", err)
	}
	// Output:
	// images through Compose([ Pad(1), CenterCrop(2), ]), seed 0
	// 2 images <nil>
	// 2 images <nil>
	// 1 images <nil>
}
