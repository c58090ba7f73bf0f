package nets

import "convlab/cnnlib"

// GoogLeNet is the Inception network that won ImageNet's contest of 2014
// (Szegedy et al. 2014, "Going deeper with convolutions"), as torchvision has
// it: with a BatchNorm after each convolution, and with 3x3 kernels where the
// paper has 5x5. The two auxiliary classifiers, which serve training alone, are
// not there: a state dict's aux1 and aux2 are left over.
//
// torchvision's published weights want pixels as (x − 0.5)/0.5, which it makes
// of ImageNet's own normalisation (transform_input): here a Model does so with
// Mean and Std of 0.5 in its Options.
//
// x: [batch, height, width, 3], height and width at least 15 → [batch, classes].
func GoogLeNet(classes int) cnnlib.Sequential {
	pool := cnnlib.MaxPool{Size: 3, Stride: 2, Ceil: true}
	return cnnlib.Sequential{
		inceptionConv("conv1", 64, 7, 2),
		cnnlib.Named("maxpool1", pool),
		inceptionConv("conv2", 64, 1, 1),
		inceptionConv("conv3", 192, 3, 1),
		cnnlib.Named("maxpool2", pool),
		inception("inception3a", 64, 96, 128, 16, 32, 32),
		inception("inception3b", 128, 128, 192, 32, 96, 64),
		cnnlib.Named("maxpool3", pool),
		inception("inception4a", 192, 96, 208, 16, 48, 64),
		inception("inception4b", 160, 112, 224, 24, 64, 64),
		inception("inception4c", 128, 128, 256, 24, 64, 64),
		inception("inception4d", 112, 144, 288, 32, 64, 64),
		inception("inception4e", 256, 160, 320, 32, 128, 128),
		cnnlib.Named("maxpool4", cnnlib.MaxPool{Size: 2, Ceil: true}),
		inception("inception5a", 256, 160, 320, 32, 128, 128),
		inception("inception5b", 384, 192, 384, 48, 128, 128),
		cnnlib.Named("avgpool", cnnlib.GlobalAvgPool{}),
		cnnlib.Named("dropout", cnnlib.Dropout{Rate: 0.2}),
		cnnlib.Named("fc", cnnlib.Dense{Out: classes}),
	}
}

// inception joins the channels of four branches: a 1x1 convolution of ones
// channels, two 3x3 convolutions of threes and fives channels behind 1x1
// convolutions that reduce the channels first, and a pool before a 1x1
// convolution of pooled channels.
func inception(name string, ones, threesReduced, threes, fivesReduced, fives, pooled int) cnnlib.Layer {
	return cnnlib.Named(name, cnnlib.Branches{Layers: []cnnlib.Layer{
		inceptionConv("branch1", ones, 1, 1),
		group("branch2", inceptionConv("0", threesReduced, 1, 1), inceptionConv("1", threes, 3, 1)),
		group("branch3", inceptionConv("0", fivesReduced, 1, 1), inceptionConv("1", fives, 3, 1)),
		group("branch4", cnnlib.MaxPool{Size: 3, Stride: 1, Padding: 1, Ceil: true}, inceptionConv("1", pooled, 1, 1)),
	}})
}

func inceptionConv(name string, out, kernel, stride int) cnnlib.Layer {
	return group(name, cnnlib.Named("conv", conv(out, kernel, stride)), cnnlib.Named("bn", cnnlib.BatchNorm{Epsilon: 1e-3}), cnnlib.ReLU{})
}
