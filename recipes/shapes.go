package recipes

import (
	"convlab/augment"
	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/shapes"
)

// ResNet20 is He et al. 2015's network for CIFAR-10 with their augmentation, in
// fewer epochs: 30 with a learning rate that rises and falls, where they have
// 164 with three steps.
func ResNet20() Recipe {
	return Recipe{
		Name: "resnet20", Net: nets.ResNet20(cifar.NumClasses),
		Augment: augment.Compose{augment.RandomCrop{Size: cifar.Size, Padding: augment.Border{4}}, augment.RandomHorizontalFlip{}},
		Epochs:  30, BatchSize: 128, Rate: 0.2,
		Optimizer: train.SGD{Momentum: 0.9, WeightDecay: 5e-4},
		Schedule:  train.Schedule{Start: 0.1, Peak: 0.2, End: 0},
	}
}

// How many examples the recipes below draw for each part.
var drawn = [...]int{Training: 4000, Validation: 500, Test: 1000}

// Segments trains a small U-Net with transposed convolutions to find the shape
// on every pixel of photos that shapes are drawn over (shapes.Segments).
func Segments() Recipe {
	return Recipe{
		Name: "segments", Net: nets.UNet(len(shapes.Classes), 12), Epochs: 20, BatchSize: 25, Rate: 3e-3, Optimizer: train.Adam{},
		Schedule: train.Schedule{Start: 0.2, Peak: 0.2, End: 0.02},
		Metrics:  []train.Metric{train.MeanIoU{}},
		made: func(photos *cifar.Images, p Part) train.Dataset {
			return shapes.Segments{Photos: photos, N: drawn[p], Seed: uint64(p) + 1}
		},
	}
}

// Moves trains a small network of 3D convolutions to tell from a clip how the
// shape in it moves (shapes.Moves). It needs no photos.
func Moves() Recipe {
	conv := func(out int) cnnlib.Layer { return cnnlib.Conv{Out: out, Kernel: 3, Padding: 1, NoBias: true} }
	return Recipe{
		Name: "moves", Input: []int{shapes.Frames, shapes.ClipSide, shapes.ClipSide, 1}, Epochs: 8, BatchSize: 50, Rate: 3e-3, Optimizer: train.Adam{},
		Schedule: train.Schedule{Start: 0.2, Peak: 0.2, End: 0.02},
		Net: cnnlib.Sequential{
			conv(8), cnnlib.BatchNorm{}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2},
			conv(16), cnnlib.BatchNorm{}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2},
			conv(32), cnnlib.BatchNorm{}, cnnlib.ReLU{}, cnnlib.GlobalAvgPool{},
			cnnlib.Dense{Out: len(shapes.Motions)},
		},
		made: func(_ *cifar.Images, p Part) train.Dataset { return shapes.Moves{N: drawn[p], Seed: uint64(p) + 1} },
	}
}
