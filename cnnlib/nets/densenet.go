package nets

import (
	"fmt"

	"convlab/cnnlib"
)

// DenseNet121 is the densely connected network with 121 layers of Huang et al.
// 2016: every layer of a block takes the channels of all before it, and adds 32.
//
// x: [batch, height, width, 3], height and width at least 29 → [batch, classes].
func DenseNet121(classes int) cnnlib.Sequential {
	features := cnnlib.Sequential{
		cnnlib.Named("conv0", conv(64, 7, 2)), cnnlib.Named("norm0", cnnlib.BatchNorm{}), cnnlib.Named("relu0", cnnlib.ReLU{}),
		cnnlib.Named("pool0", cnnlib.MaxPool{Size: 3, Stride: 2, Padding: 1}),
	}
	channels := 64
	for i, count := range []int{6, 12, 24, 16} {
		if i > 0 {
			channels /= 2
			features = append(features, group(fmt.Sprintf("transition%d", i),
				cnnlib.Named("norm", cnnlib.BatchNorm{}), cnnlib.Named("relu", cnnlib.ReLU{}),
				cnnlib.Named("conv", conv(channels, 1, 1)), cnnlib.Named("pool", cnnlib.AvgPool{Size: 2})))
		}
		features = append(features, cnnlib.Named(fmt.Sprintf("denseblock%d", i+1), denseBlock(count)))
		channels += 32 * count
	}
	return cnnlib.Sequential{
		cnnlib.Named("features", append(features, cnnlib.Named("norm5", cnnlib.BatchNorm{}))),
		cnnlib.Named("relu", cnnlib.ReLU{}),
		cnnlib.Named("avgpool", cnnlib.GlobalAvgPool{}),
		cnnlib.Named("classifier", cnnlib.Dense{Out: classes}),
	}
}

// denseBlock is so many layers, each of which joins 32 new channels to those it
// takes.
func denseBlock(count int) cnnlib.Sequential {
	var block cnnlib.Sequential
	for i := range count {
		block = append(block, cnnlib.Named(fmt.Sprintf("denselayer%d", i+1), cnnlib.Branches{Layers: []cnnlib.Layer{nil, group("",
			cnnlib.Named("norm1", cnnlib.BatchNorm{}), cnnlib.Named("relu1", cnnlib.ReLU{}), cnnlib.Named("conv1", conv(128, 1, 1)),
			cnnlib.Named("norm2", cnnlib.BatchNorm{}), cnnlib.Named("relu2", cnnlib.ReLU{}), cnnlib.Named("conv2", conv(32, 3, 1)),
		)}}))
	}
	return block
}
