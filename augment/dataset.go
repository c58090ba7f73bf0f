package augment

import (
	"context"
	"fmt"
	"iter"
)

// Dataset is a data set for train.Fit of convlab/cnnlib/train whose images
// Transform changes anew in each epoch:
//
//	images := &augment.Dataset{Examples: data.Train, Height: 32, Width: 32, Transform: augment.Train32()[:2]}
//	history, err := train.Fit(ctx, m, images, train.Config{Epochs: 20})
//
// A Loader makes the images, ahead of the training step. They depend on Seed,
// the epoch and the image's index alone. One training uses it at a time. The
// same shift and mirror in the graph of the step, on the device, was slower on
// XLA's CPU and on pure Go (BenchmarkAugment in cnnlib/train).
type Dataset struct {
	Examples interface { // as cifar.Images
		Len() int
		Example(i int) (pixels []uint8, label uint8)
	}
	Height, Width int       // of an image of Examples, in pixels; it has 3 channels
	Transform     Transform // without ToTensor: the network scales and normalises on its device
	Seed          uint64
	Workers       int // 0: as many as processors

	loader Loader
}

// Len is the number of images.
func (d *Dataset) Len() int { return d.Examples.Len() }

// Unchanged is the images as they are, and their labels.
func (d *Dataset) Unchanged() interface{ Len() int } { return d.Examples }

// String says what is done to the images.
func (d *Dataset) String() string {
	return fmt.Sprintf("images through %s, seed %d", oneLine(d.Transform), d.Seed)
}

// Batches gives the images of order as they look in the epoch, size at a time:
// pixels [n, height, width, 3], good until the next batch.
func (d *Dataset) Batches(ctx context.Context, order []int, size, epoch int) iter.Seq2[[]uint8, error] {
	return func(yield func([]uint8, error) bool) {
		l := &d.loader
		l.Image, l.Transform, l.Size, l.Seed, l.Workers = d.image, d.Transform, size, d.Seed, d.Workers
		for b, err := range l.Epoch(ctx, order, epoch) {
			if err == nil && b.Pixels == nil {
				err = &ParamError{"Dataset", "Transform must not hold ToTensor: the network scales and normalises on its device"}
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(b.Pixels, nil) {
				return
			}
		}
	}
}

func (d *Dataset) image(i int) (Image, error) {
	pixels, _ := d.Examples.Example(i)
	return Image{W: d.Width, H: d.Height, Pix: pixels}, nil
}
