//go:build unix

package main

import (
	"context"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/internal/shuffle"

	"github.com/gomlx/compute"
)

// mostSteps is how many steps of training one run can make.
const mostSteps = 2000

// networks are those that can be measured, for images of CIFAR-10.
var networks = map[string]func() cnnlib.Sequential{
	"3.2":          nets.LessonNet,
	"resnet20":     func() cnnlib.Sequential { return nets.ResNet20(cifar.NumClasses) },
	"mobilenetv2":  func() cnnlib.Sequential { return nets.MobileNetV2CIFAR(cifar.NumClasses) },
	"shufflenetv2": func() cnnlib.Sequential { return nets.ShuffleNetV2CIFAR(cifar.NumClasses) },
}

// images are what all programs of the comparison see, in the order in which
// train.Fit takes them: one epoch of a data set that has the first 10,000
// images, or all where there are fewer, over and over.
type images struct {
	*cifar.Images
	order     []int
	trainSize int // images in a step of training
}

func newImages(all *cifar.Images, trainSize int) images {
	n := min(10000, all.Len())
	return images{
		&cifar.Images{Pixels: all.Pixels[:n*3072], Labels: all.Labels[:n]},
		shuffle.Order(mostSteps*trainSize, 0, 1), trainSize,
	}
}

// Len implements train.Dataset.
func (s images) Len() int { return len(s.order) }

// Example implements train.Dataset.
func (s images) Example(i int) ([]uint8, uint8) { return s.Images.Example(i % s.Images.Len()) }

// batch is number i of the batches of n images.
func (s images) batch(i, n int) (pixels []uint8, labels []int32) {
	for _, at := range s.order[i*n : (i+1)*n] {
		p, l := s.Example(at)
		pixels, labels = append(pixels, p...), append(labels, int32(l))
	}
	return pixels, labels
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

func newConvlab(b compute.Backend, s images, net cnnlib.Sequential, bfloat16 bool) (*convlab, error) {
	m, err := cnnlib.New(b, net, nets.CIFARInput(), cnnlib.Options{Seed: 1, Mean: cifar.Mean[:], Std: cifar.Std[:], BFloat16: bfloat16})
	return &convlab{model: m, images: s}, err
}

func (c *convlab) train(steps int) (loss float64, err error) {
	if c.may == nil {
		c.may, c.steps, c.failed = make(chan bool), make(chan train.Step), make(chan error, 1)
		go func() {
			_, err := train.Fit(context.Background(), c.model, c.images, train.Config{BatchSize: c.images.trainSize,
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
