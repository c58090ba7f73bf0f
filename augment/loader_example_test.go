package augment_test

import (
	"context"
	"fmt"

	"convlab/augment"
)

func ExampleLoader() {
	images := []augment.Image{augment.NewImage(32, 32), augment.NewImage(32, 32), augment.NewImage(32, 32)}
	l := augment.Loader{
		Image:     func(i int) (augment.Image, error) { return images[i], nil },
		Transform: augment.Train32(),
		Size:      2,
		Seed:      7,
	}
	for b, err := range l.Epoch(context.Background(), []int{2, 0, 1}, 0) {
		if err != nil {
			fmt.Println(err)
			return
		}
		fmt.Println(b.Index, b.Height, b.Width, len(b.Floats))
	}
	// Output:
	// [2 0] 32 32 6144
	// [1] 32 32 3072
}
