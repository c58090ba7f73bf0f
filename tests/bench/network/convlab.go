//go:build unix

package main

import (
	"context"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/train"

	"github.com/gomlx/compute"
)

const (
	trainBatch = 256
	batches    = 39 // whole ones in a file of 10,000 images
)

// images are what all programs of the comparison see: batch after batch, from
// the first image again after the last.
type images struct{ *cifar.Images }

func firstImages(all *cifar.Images) images {
	n := batches * trainBatch
	return images{&cifar.Images{Pixels: all.Pixels[:n*3072], Labels: all.Labels[:n]}}
}

// batch is number i of the batches of n images.
func (s images) batch(i, n int) ([]uint8, []int32) {
	i %= s.Len() / n
	labels := make([]int32, n)
	for k, l := range s.Labels[i*n : (i+1)*n] {
		labels[k] = int32(l)
	}
	return s.Pixels[i*n*3072 : (i+1)*n*3072], labels
}

// inOrder gives train.Fit the images in their order, whichever it asks for.
type inOrder struct {
	images
	next int
}

func (s *inOrder) Example(int) ([]uint8, uint8) {
	i := s.next % s.Len()
	s.next++
	return s.images.Example(i)
}

// convlab is cnnlib and train.Fit as anybody uses them: training waits after
// each step until it may go on.
type convlab struct {
	model  *cnnlib.Model
	images images
	may    chan bool
	steps  chan train.Step
	failed chan error
}

func newConvlab(b compute.Backend, s images) (*convlab, error) {
	m, err := cnnlib.New(b, cnnlib.LessonNet(), cnnlib.CIFARInput, cnnlib.Options{Seed: 1, Mean: cifar.Mean[:], Std: cifar.Std[:]})
	return &convlab{model: m, images: s}, err
}

func (c *convlab) train(steps int) (loss float64, err error) {
	if c.may == nil {
		c.may, c.steps, c.failed = make(chan bool), make(chan train.Step), make(chan error, 1)
		go func() {
			_, err := train.Fit(context.Background(), c.model, &inOrder{images: c.images}, train.Config{Epochs: 1 << 20, BatchSize: trainBatch,
				OnStep: func(s train.Step) { c.steps <- s; <-c.may }})
			c.failed <- err
		}()
	} else {
		c.may <- true
	}
	for i := range steps {
		if i > 0 {
			c.may <- true
		}
		select {
		case s := <-c.steps:
			loss = s.Loss
		case err := <-c.failed:
			return 0, err
		}
	}
	return loss, nil
}

func (c *convlab) infer(pixels []uint8, n int) error {
	_, err := c.model.Predict(pixels, n)
	return err
}
