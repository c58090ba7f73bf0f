package nets

import (
	"fmt"

	"convlab/cnnlib"
)

// ResNet18 is the residual network with 18 layers of He et al. 2015 ("Deep
// residual learning for image recognition", table 1).
//
// x: [batch, height, width, 3] → [batch, classes].
func ResNet18(classes int) cnnlib.Sequential {
	return resnet(imageStem(64), 64, []int{2, 2, 2, 2}, basicBlock, classes)
}

// ResNet34 is the residual network with 34 layers of He et al. 2015.
//
// x: [batch, height, width, 3] → [batch, classes].
func ResNet34(classes int) cnnlib.Sequential {
	return resnet(imageStem(64), 64, []int{3, 4, 6, 3}, basicBlock, classes)
}

// ResNet50 is the residual network with 50 layers of He et al. 2015. The stride
// of a block is that of its 3x3 convolution and not of its first, as in
// torchvision ("ResNet V1.5").
//
// x: [batch, height, width, 3] → [batch, classes].
func ResNet50(classes int) cnnlib.Sequential {
	return resnet(imageStem(64), 256, []int{3, 4, 6, 3}, bottleneck, classes)
}

// ResNet20 is the network for CIFAR-10 of He et al. 2015, section 4.2, with 20
// layers of 16, 32 and 64 channels. Where the channels double, its shortcuts are
// 1x1 convolutions with a BatchNorm (option B of section 3.3, 272,474
// parameters for 10 classes); in the paper they have no weights there (option
// A, 269,722). The weights are named as in torchvision's ResNets, which the
// state dicts of github.com/chenyaofo/pytorch-cifar-models are too.
//
// x: [batch, 32, 32, 3] → [batch, classes]; other sizes fit too.
func ResNet20(classes int) cnnlib.Sequential {
	return resnet(cifarStem(16), 16, []int{3, 3, 3}, basicBlock, classes)
}

// ResNet18CIFAR is ResNet18 for images of 32x32: the first convolution is 3x3
// with stride 1, and no pool follows it.
//
// x: [batch, 32, 32, 3] → [batch, classes]; other sizes fit too.
func ResNet18CIFAR(classes int) cnnlib.Sequential {
	return resnet(cifarStem(64), 64, []int{2, 2, 2, 2}, basicBlock, classes)
}

// imageStem makes a quarter of the height and width.
func imageStem(channels int) cnnlib.Sequential {
	return append(resnetStem(conv(channels, 7, 2)), cnnlib.Named("maxpool", cnnlib.MaxPool{Size: 3, Stride: 2, Padding: 1}))
}

// cifarStem keeps height and width.
func cifarStem(channels int) cnnlib.Sequential { return resnetStem(conv(channels, 3, 1)) }

func resnetStem(first cnnlib.Conv) cnnlib.Sequential {
	return cnnlib.Sequential{cnnlib.Named("conv1", first), cnnlib.Named("bn1", cnnlib.BatchNorm{}), cnnlib.Named("relu", cnnlib.ReLU{})}
}

// resnet has so many blocks in each stage. The first stage gives out channels,
// each later one twice as many as the one before at half its height and width.
func resnet(stem cnnlib.Sequential, out int, blocks []int, block func(in, out, stride int) cnnlib.Layer, classes int) cnnlib.Sequential {
	net, in, stride := stem, stem[0].(cnnlib.NamedLayer).Layer.(cnnlib.Conv).Out, 1
	for i, count := range blocks {
		net = append(net, cnnlib.Named(fmt.Sprintf("layer%d", i+1), stage(in, out, count, stride, block)))
		in, out, stride = out, 2*out, 2
	}
	return append(net, cnnlib.Named("avgpool", cnnlib.GlobalAvgPool{}), cnnlib.Named("fc", cnnlib.Dense{Out: classes}))
}

// basicBlock is two 3x3 convolutions beside a shortcut.
func basicBlock(in, out, stride int) cnnlib.Layer {
	return residual(in, out, stride,
		cnnlib.Named("conv1", conv(out, 3, stride)), cnnlib.Named("bn1", cnnlib.BatchNorm{}), cnnlib.Named("relu", cnnlib.ReLU{}),
		cnnlib.Named("conv2", conv(out, 3, 1)), cnnlib.Named("bn2", cnnlib.BatchNorm{}),
	)
}

// bottleneck is a 3x3 convolution between two of 1x1, of which the first leaves
// a quarter of the channels, beside a shortcut.
func bottleneck(in, out, stride int) cnnlib.Layer {
	return residual(in, out, stride,
		cnnlib.Named("conv1", conv(out/4, 1, 1)), cnnlib.Named("bn1", cnnlib.BatchNorm{}), cnnlib.Named("relu", cnnlib.ReLU{}),
		cnnlib.Named("conv2", conv(out/4, 3, stride)), cnnlib.Named("bn2", cnnlib.BatchNorm{}), cnnlib.Named("relu", cnnlib.ReLU{}),
		cnnlib.Named("conv3", conv(out, 1, 1)), cnnlib.Named("bn3", cnnlib.BatchNorm{}),
	)
}

// residual adds what body gives to the shortcut: the input itself or, where the
// sizes differ, a 1x1 convolution of it.
func residual(in, out, stride int, body ...cnnlib.Layer) cnnlib.Layer {
	var shortcut cnnlib.Layer
	if in != out || stride != 1 {
		shortcut = group("downsample", conv(out, 1, stride), cnnlib.BatchNorm{})
	}
	return cnnlib.Sequential{
		cnnlib.Named("", cnnlib.Branches{Layers: []cnnlib.Layer{group("", body...), shortcut}, Join: cnnlib.Sum}),
		cnnlib.Named("relu", cnnlib.ReLU{}),
	}
}
