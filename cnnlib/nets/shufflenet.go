package nets

import (
	"fmt"

	"convlab/cnnlib"
)

// ShuffleNetV2 is the network of Ma et al. 2018 ("ShuffleNet V2: practical
// guidelines for efficient CNN architecture design") at its full width:
// blocks that send half of the channels through convolutions and then mix the
// halves (torchvision's shufflenet_v2_x1_0).
//
// x: [batch, height, width, 3] → [batch, classes].
func ShuffleNetV2(classes int) cnnlib.Sequential {
	return shufflenet(shuffleStem(2, true), 116, classes)
}

// ShuffleNetV2Half is ShuffleNetV2 with half as many channels and less
// (torchvision's shufflenet_v2_x0_5).
//
// x: [batch, height, width, 3] → [batch, classes].
func ShuffleNetV2Half(classes int) cnnlib.Sequential {
	return shufflenet(shuffleStem(2, true), 48, classes)
}

// ShuffleNetV2CIFAR is ShuffleNetV2 for images of 32x32: the first convolution
// has stride 1 and no pool follows it, as in
// github.com/chenyaofo/pytorch-cifar-models, whose state dicts fit.
//
// x: [batch, 32, 32, 3] → [batch, classes]; other sizes fit too.
func ShuffleNetV2CIFAR(classes int) cnnlib.Sequential {
	return shufflenet(shuffleStem(1, false), 116, classes)
}

func shuffleStem(stride int, pool bool) cnnlib.Sequential {
	stem := cnnlib.Sequential{cnnlib.Named("conv1", normed(conv(24, 3, stride), cnnlib.BatchNorm{}, cnnlib.ReLU{}))}
	if pool {
		stem = append(stem, cnnlib.Named("maxpool", cnnlib.MaxPool{Size: 3, Stride: 2, Padding: 1}))
	}
	return stem
}

// shufflenet has so many channels in its first stage, and twice as many in
// each later one.
func shufflenet(net cnnlib.Sequential, channels, classes int) cnnlib.Sequential {
	in := 24
	for i, count := range []int{4, 8, 4} {
		net = append(net, cnnlib.Named(fmt.Sprintf("stage%d", i+2), stage(in, channels, count, 2, shuffleBlock)))
		in, channels = channels, 2*channels
	}
	return append(net,
		cnnlib.Named("conv5", normed(conv(1024, 1, 1), cnnlib.BatchNorm{}, cnnlib.ReLU{})),
		cnnlib.Named("avgpool", cnnlib.GlobalAvgPool{}),
		cnnlib.Named("fc", cnnlib.Dense{Out: classes}),
	)
}

// shuffleBlock gives half of its channels from each of two branches. With
// stride 1 the first takes the first half of the input and leaves it as it is,
// the second filters the other half; with stride 2 both filter all of it.
func shuffleBlock(in, out, stride int) cnnlib.Layer {
	half := out / 2
	right := group("branch2",
		conv(half, 1, 1), cnnlib.BatchNorm{}, cnnlib.ReLU{},
		depthwise(3, stride), cnnlib.BatchNorm{},
		conv(half, 1, 1), cnnlib.BatchNorm{}, cnnlib.ReLU{},
	)
	var left cnnlib.Layer
	if stride == 1 {
		left = cnnlib.ChannelSlice{To: half}
		right = group("", cnnlib.ChannelSlice{From: half}, right)
	} else {
		left = group("branch1", depthwise(3, stride), cnnlib.BatchNorm{}, conv(half, 1, 1), cnnlib.BatchNorm{}, cnnlib.ReLU{})
	}
	return cnnlib.Sequential{
		cnnlib.Named("", cnnlib.Branches{Layers: []cnnlib.Layer{left, right}}),
		cnnlib.ChannelShuffle{Groups: 2},
	}
}
