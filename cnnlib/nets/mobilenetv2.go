package nets

import "convlab/cnnlib"

// MobileNetV2 is the network of inverted residuals of Sandler et al. 2018:
// blocks that widen, filter each channel by itself, and narrow again without
// an activation.
//
// x: [batch, height, width, 3] → [batch, classes].
func MobileNetV2(classes int) cnnlib.Sequential { return mobilenetv2(2, 2, classes) }

// MobileNetV2CIFAR is MobileNetV2 for images of 32x32: the first convolution
// and the stage of 24 channels have stride 1, as in
// github.com/chenyaofo/pytorch-cifar-models, whose state dicts fit.
//
// x: [batch, 32, 32, 3] → [batch, classes]; other sizes fit too.
func MobileNetV2CIFAR(classes int) cnnlib.Sequential { return mobilenetv2(1, 1, classes) }

func mobilenetv2(stemStride, stageStride, classes int) cnnlib.Sequential {
	features := cnnlib.Sequential{normed(conv(32, 3, stemStride), cnnlib.BatchNorm{}, cnnlib.ReLU6{})}
	in := 32
	for _, s := range []struct{ widen, out, count, stride int }{
		{1, 16, 1, 1},
		{6, 24, 2, stageStride},
		{6, 32, 3, 2},
		{6, 64, 4, 2},
		{6, 96, 3, 1},
		{6, 160, 3, 2},
		{6, 320, 1, 1},
	} {
		for range s.count {
			features = append(features, invertedResidual(in, in*s.widen, s.out, s.stride))
			in, s.stride = s.out, 1
		}
	}
	features = append(features, normed(conv(1280, 1, 1), cnnlib.BatchNorm{}, cnnlib.ReLU6{}))
	return cnnlib.Sequential{
		cnnlib.Named("features", features),
		cnnlib.Named("avgpool", cnnlib.GlobalAvgPool{}),
		group("classifier", cnnlib.Dropout{Rate: 0.2}, cnnlib.Dense{Out: classes}),
	}
}

// invertedResidual widens the channels, filters each by itself and narrows
// them. Where the sizes stay, it adds its input.
func invertedResidual(in, wide, out, stride int) cnnlib.Layer {
	var layers cnnlib.Sequential
	if wide != in {
		layers = append(layers, normed(conv(wide, 1, 1), cnnlib.BatchNorm{}, cnnlib.ReLU6{}))
	}
	layers = append(layers, normed(depthwise(3, stride), cnnlib.BatchNorm{}, cnnlib.ReLU6{}), conv(out, 1, 1), cnnlib.BatchNorm{})
	return shortened(in, out, stride, cnnlib.Named("conv", layers))
}
