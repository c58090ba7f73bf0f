package nets

import "convlab/cnnlib"

// SqueezeNet10 is version 1.0 of Iandola et al. 2016 ("SqueezeNet:
// AlexNet-level accuracy with 50x fewer parameters").
//
// x: [batch, height, width, 3], height and width at least 21 → [batch, classes].
func SqueezeNet10(classes int) cnnlib.Sequential {
	pool := cnnlib.MaxPool{Size: 3, Stride: 2, Ceil: true}
	return squeezenet(classes,
		cnnlib.Conv{Out: 96, Kernel: 7, Stride: 2}, cnnlib.ReLU{}, pool,
		fire(16, 64), fire(16, 64), fire(32, 128), pool,
		fire(32, 128), fire(48, 192), fire(48, 192), fire(64, 256), pool,
		fire(64, 256),
	)
}

// SqueezeNet11 is version 1.1 of the authors: the accuracy of 1.0 with 2.4 times
// fewer computations.
//
// x: [batch, height, width, 3], height and width at least 17 → [batch, classes].
func SqueezeNet11(classes int) cnnlib.Sequential {
	pool := cnnlib.MaxPool{Size: 3, Stride: 2, Ceil: true}
	return squeezenet(classes,
		cnnlib.Conv{Out: 64, Kernel: 3, Stride: 2}, cnnlib.ReLU{}, pool,
		fire(16, 64), fire(16, 64), pool,
		fire(32, 128), fire(32, 128), pool,
		fire(48, 192), fire(48, 192), fire(64, 256), fire(64, 256),
	)
}

func squeezenet(classes int, features ...cnnlib.Layer) cnnlib.Sequential {
	return cnnlib.Sequential{
		group("features", features...),
		group("classifier", cnnlib.Dropout{Rate: 0.5}, cnnlib.Conv{Out: classes, Kernel: 1}, cnnlib.ReLU{}, cnnlib.GlobalAvgPool{}),
	}
}

// fire squeezes the channels, then expands them by a 1x1 and a 3x3 convolution
// side by side, expand channels each.
func fire(squeeze, expand int) cnnlib.Layer {
	return cnnlib.Sequential{
		cnnlib.Named("squeeze", cnnlib.Conv{Out: squeeze, Kernel: 1}), cnnlib.Named("squeeze_activation", cnnlib.ReLU{}),
		cnnlib.Named("", cnnlib.Branches{Layers: []cnnlib.Layer{
			group("", cnnlib.Named("expand1x1", cnnlib.Conv{Out: expand, Kernel: 1}), cnnlib.Named("expand1x1_activation", cnnlib.ReLU{})),
			group("", cnnlib.Named("expand3x3", cnnlib.Conv{Out: expand, Kernel: 3, Padding: 1}), cnnlib.Named("expand3x3_activation", cnnlib.ReLU{})),
		}}),
	}
}
