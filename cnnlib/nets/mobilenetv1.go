package nets

import "convlab/cnnlib"

// MobileNetV1 is the network of depthwise separable convolutions of Howard et
// al. 2017 ("MobileNets: efficient convolutional neural networks for mobile
// vision applications"), with the authors' ReLU6. torchvision has none: the
// weights have the names of timm's mobilenetv1_100.
//
// x: [batch, height, width, 3] → [batch, classes].
func MobileNetV1(classes int) cnnlib.Sequential {
	var stages cnnlib.Sequential
	channels, stride := 64, 1
	for _, count := range []int{1, 2, 2, 6, 2} {
		stages = append(stages, stage(0, channels, count, stride, separable))
		channels, stride = 2*channels, 2
	}
	return cnnlib.Sequential{
		cnnlib.Named("conv_stem", conv(32, 3, 2)),
		cnnlib.Named("bn1", cnnlib.BatchNorm{}), cnnlib.ReLU6{},
		cnnlib.Named("blocks", stages),
		cnnlib.Named("global_pool", cnnlib.GlobalAvgPool{}),
		cnnlib.Named("classifier", cnnlib.Dense{Out: classes}),
	}
}

// separable is a depthwise 3x3 convolution and a pointwise one, both with
// BatchNorm and ReLU6.
func separable(_, out, stride int) cnnlib.Layer {
	return cnnlib.Sequential{
		cnnlib.Named("conv_dw", depthwise(3, stride)), cnnlib.Named("bn1", cnnlib.BatchNorm{}), cnnlib.ReLU6{},
		cnnlib.Named("conv_pw", conv(out, 1, 1)), cnnlib.Named("bn2", cnnlib.BatchNorm{}), cnnlib.ReLU6{},
	}
}
