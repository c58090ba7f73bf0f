package nets

import "convlab/cnnlib"

// group is layers in series under one name, as an nn.Sequential of PyTorch.
// Under the name "" they stand in the place of what they are in.
func group(name string, layers ...cnnlib.Layer) cnnlib.Layer {
	return cnnlib.Named(name, cnnlib.Sequential(layers))
}

// conv is a convolution without bias, for a normalisation after it. Its stride
// alone sets the size of what it gives.
func conv(out, kernel, stride int) cnnlib.Conv {
	return cnnlib.Conv{Out: out, Kernel: kernel, Stride: stride, Padding: kernel / 2, NoBias: true}
}

// depthwise is conv with a kernel of its own for every channel.
func depthwise(kernel, stride int) cnnlib.DepthwiseConv {
	return cnnlib.DepthwiseConv{Kernel: kernel, Stride: stride, Padding: kernel / 2, NoBias: true}
}

// normed is a convolution, a BatchNorm and an activation, or none if it is nil,
// as torchvision's Conv2dNormActivation.
func normed(convolution cnnlib.Layer, norm cnnlib.BatchNorm, activation cnnlib.Layer) cnnlib.Sequential {
	layers := cnnlib.Sequential{convolution, norm}
	if activation != nil {
		layers = append(layers, activation)
	}
	return layers
}

// squeezeExcite multiplies each channel by a factor between 0 and 1 that is
// computed from the means of all of them (Hu et al. 2017), as torchvision's
// SqueezeExcitation.
func squeezeExcite(channels, squeezed int, activation, gate cnnlib.Layer) cnnlib.Layer {
	return cnnlib.Branches{Join: cnnlib.Product, Layers: []cnnlib.Layer{nil, group("",
		cnnlib.Named("avgpool", cnnlib.AdaptiveAvgPool{Size: 1}),
		cnnlib.Named("fc1", cnnlib.Conv{Out: squeezed, Kernel: 1}), cnnlib.Named("activation", activation),
		cnnlib.Named("fc2", cnnlib.Conv{Out: channels, Kernel: 1}), cnnlib.Named("scale_activation", gate),
	)}}
}

// stage is so many blocks one after the other, of which the first takes in
// channels and has the stride.
func stage(in, out, count, stride int, block func(in, out, stride int) cnnlib.Layer) cnnlib.Sequential {
	blocks := make(cnnlib.Sequential, count)
	for i := range blocks {
		blocks[i] = block(in, out, stride)
		in, stride = out, 1
	}
	return blocks
}

// shortened adds the input to what body gives, if body keeps the sizes.
func shortened(in, out, stride int, body cnnlib.Layer) cnnlib.Layer {
	if in != out || stride != 1 {
		return cnnlib.Sequential{body}
	}
	return cnnlib.Branches{Layers: []cnnlib.Layer{nil, body}, Join: cnnlib.Sum}
}
