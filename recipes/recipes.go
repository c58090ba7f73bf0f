// Package recipes holds whole trainings as values: network, images, optimiser,
// schedule. A notebook and `convlab train --recipe` run the same ones.
//
//	r := recipes.Augmented()
//	m, err := r.Model(backend, data.Train, 1)
//	history, err := train.Fit(ctx, m, r.Images(data.Train, 1), r.Config(1))
//	result, err := r.Evaluate(ctx, m, data.Test)
//
// Most are for the classes of CIFAR-10. Segments and Moves are for what the
// package shapes makes, over photos of CIFAR-10 and without any.
//
// Named finds a recipe by its name, Kept gives the log of a training that is
// kept in recipes/runs, and an Experiment runs many short trainings that
// resume: SixWays is the one of lesson 3.6.
package recipes

import (
	"context"
	"fmt"
	"slices"

	"convlab/augment"
	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"

	"github.com/gomlx/compute"
)

// Recipe is everything that a training on CIFAR-10 needs except the images
// and a seed.
type Recipe struct {
	Name      string
	Net       cnnlib.Sequential
	Input     []int             // shape of one example; nil: that of a CIFAR-10 image
	Augment   augment.Transform // of the training images; nil: none
	Epochs    int
	BatchSize int
	Rate      float64 // learning rate; the largest, if there is a schedule
	Optimizer train.Optimizer
	Schedule  train.Schedule
	Loss      train.Loss // nil: cross entropy
	Metrics   []train.Metric
	Lookahead bool
	BFloat16  bool // compute in bfloat16
	Looks     bool // a test image's logits are those of six views of it: mirrored or not, shifted or not

	start func(*cnnlib.Model, *cifar.Images) error         // first weights other than PyTorch's
	made  func(photos *cifar.Images, p Part) train.Dataset // examples that are not the photos themselves; nil: they are
}

// Plain is the lesson's training of network 3.2: 80 epochs of Adam.
func Plain() Recipe {
	return Recipe{Name: "plain", Net: nets.LessonNet(), Epochs: 80, BatchSize: 256, Rate: 1e-3, Optimizer: train.Adam{}}
}

// Augmented is Plain on images that are shifted by up to 4 pixels and, half of
// them, mirrored.
func Augmented() Recipe {
	r := Plain()
	r.Name = "augmented"
	r.Augment = augment.Compose{augment.RandomCrop{Size: cifar.Size, Padding: augment.Border{4}}, augment.RandomHorizontalFlip{}}
	return r
}

// Fast is a small network of today with the recipe of airbench94 (K. Jordan,
// "94% on CIFAR-10 in 3.29 seconds on a single GPU", 2024), half as wide.
func Fast() Recipe {
	return Recipe{
		Name: "fast", Net: fastNet(32, 128, 128), start: startFast,
		Augment: augment.Compose{augment.RandomCrop{Size: cifar.Size, Padding: augment.Border{2}, Mode: augment.Reflect}, augment.AlternatingFlip{}},
		Epochs:  8, BatchSize: 500,
		// airbench's numbers: 11.5 for the sum of the losses of 1,024 images,
		// which Nesterov's momentum multiplies by 1 + 1/(1−momentum).
		Rate:      11.5 * 500 / (1024 * (1 + 1/(1-0.85))),
		Optimizer: train.SGD{Momentum: 0.85, WeightDecay: 0.0153 / 11.5, NormBias: 64},
		Schedule:  train.Schedule{Start: 0.2, Peak: 0.23, End: 0.07},
		Loss:      train.CrossEntropy{Smoothing: 0.2}, Lookahead: true, Looks: true,
	}
}

// Wide is Fast with airbench94's own widths, for a longer training: four times
// the work an epoch.
func Wide() Recipe {
	r := Fast()
	r.Name, r.Net, r.Epochs = "wide", fastNet(64, 256, 256), 12
	return r
}

// all are the recipes, in the order of Names.
func all() []Recipe {
	return []Recipe{Plain(), Augmented(), Fast(), Wide(), ResNet20(), Segments(), Moves()}
}

// Names are the recipes that Named knows.
func Names() []string {
	var names []string
	for _, r := range all() {
		names = append(names, r.Name)
	}
	return names
}

// Named returns the recipe of this name. An unknown name is an error that
// lists the known ones.
func Named(name string) (Recipe, error) {
	for _, r := range all() {
		if r.Name == name {
			return r, nil
		}
	}
	return Recipe{}, fmt.Errorf("recipes: there is no recipe %q; there are %q", name, Names())
}

// Model is the recipe's network with its first weights, which depend on seed
// and may depend on the training images; nil is enough where weights from a
// file replace them.
func (r Recipe) Model(b compute.Backend, images *cifar.Images, seed uint64) (*cnnlib.Model, error) {
	in, options := r.InputShape(), cnnlib.Options{Seed: seed, BFloat16: r.BFloat16}
	if in[len(in)-1] == cifar.Channels {
		options.Mean, options.Std = cifar.Mean[:], cifar.Std[:]
	}
	m, err := cnnlib.New(b, r.Net, in, options)
	if err != nil || r.start == nil || images == nil {
		return m, err
	}
	return m, r.start(m, images)
}

// InputShape is Input, or the shape of a CIFAR-10 image.
func (r Recipe) InputShape() []int {
	if r.Input == nil {
		return nets.CIFARInput()
	}
	return slices.Clone(r.Input)
}

// Classifies reports whether the network names the classes of CIFAR-10 for
// its images, rather than something that the recipe draws.
func (r Recipe) Classifies() bool { return r.made == nil }

// Part says what examples are for: training, validation or the final test.
type Part int

// The parts of a data set.
const (
	Training Part = iota
	Validation
	Test
)

// Examples are the images of a part as they are or, of a recipe that draws its
// own, what it draws over them.
func (r Recipe) Examples(images *cifar.Images, p Part) train.Dataset {
	if r.made == nil {
		return images
	}
	return r.made(images, p)
}

// Images are the training images as the recipe shows them to the network, anew
// in each epoch.
func (r Recipe) Images(images *cifar.Images, seed uint64) train.Dataset {
	if r.Augment == nil {
		return r.Examples(images, Training)
	}
	return &augment.Dataset{Examples: images, Height: cifar.Size, Width: cifar.Size, Transform: r.Augment, Seed: seed}
}

// Config returns the recipe's settings for train.Fit. The caller adds the
// folder and whatever else concerns its run alone.
func (r Recipe) Config(seed uint64) train.Config {
	return train.Config{Epochs: r.Epochs, BatchSize: r.BatchSize, LearningRate: r.Rate, Optimizer: r.Optimizer,
		Schedule: r.Schedule, Loss: r.Loss, Metrics: r.Metrics, Lookahead: r.Lookahead, Seed: seed}
}

// Evaluate measures the model on the test images as the recipe does.
func (r Recipe) Evaluate(ctx context.Context, m *cnnlib.Model, images *cifar.Images, progress ...func(done, n int)) (*train.Result, error) {
	if r.made != nil {
		tell := func(done, n int) {
			for _, call := range progress {
				call(done, n)
			}
		}
		return train.Evaluation{Loss: r.Loss, Metrics: r.Metrics, Progress: tell}.Run(ctx, m, r.Examples(images, Test))
	}
	predict := m.Predict
	if r.Looks {
		predict = func(pixels []uint8, n int) ([][]float32, error) { return meanOverViews(m, pixels, n) }
	}
	return train.EvaluateWith(ctx, predict, images, 100, progress...)
}
