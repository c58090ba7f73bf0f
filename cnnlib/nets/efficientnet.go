package nets

import "convlab/cnnlib"

// EfficientNetB0 is the smallest network of Tan and Le 2019 ("EfficientNet:
// rethinking model scaling for convolutional neural networks"): inverted
// residuals with squeeze-and-excitation and SiLU. torchvision's training also
// drops whole blocks at random (stochastic depth), this one's does not.
//
// x: [batch, height, width, 3] → [batch, classes].
func EfficientNetB0(classes int) cnnlib.Sequential {
	features := cnnlib.Sequential{normed(conv(32, 3, 2), cnnlib.BatchNorm{}, cnnlib.SiLU{})}
	in := 32
	for _, s := range []struct{ widen, kernel, stride, out, count int }{
		{1, 3, 1, 16, 1},
		{6, 3, 2, 24, 2},
		{6, 5, 2, 40, 2},
		{6, 3, 2, 80, 3},
		{6, 5, 1, 112, 3},
		{6, 5, 2, 192, 4},
		{6, 3, 1, 320, 1},
	} {
		block := func(in, out, stride int) cnnlib.Layer { return mbConv(in, in*s.widen, out, s.kernel, stride) }
		features = append(features, stage(in, s.out, s.count, s.stride, block))
		in = s.out
	}
	features = append(features, normed(conv(1280, 1, 1), cnnlib.BatchNorm{}, cnnlib.SiLU{}))
	return cnnlib.Sequential{
		cnnlib.Named("features", features),
		cnnlib.Named("avgpool", cnnlib.GlobalAvgPool{}),
		group("classifier", cnnlib.Dropout{Rate: 0.2}, cnnlib.Dense{Out: classes}),
	}
}

// mbConv is an inverted residual whose wide channels are weighted by
// squeeze-and-excitation.
func mbConv(in, wide, out, kernel, stride int) cnnlib.Layer {
	var block cnnlib.Sequential
	if wide != in {
		block = append(block, normed(conv(wide, 1, 1), cnnlib.BatchNorm{}, cnnlib.SiLU{}))
	}
	block = append(block,
		normed(depthwise(kernel, stride), cnnlib.BatchNorm{}, cnnlib.SiLU{}),
		squeezeExcite(wide, in/4, cnnlib.SiLU{}, cnnlib.Sigmoid{}),
		normed(conv(out, 1, 1), cnnlib.BatchNorm{}, nil),
	)
	return shortened(in, out, stride, cnnlib.Named("block", block))
}
