package nets

import "convlab/cnnlib"

// MobileNetV3Small is the small one of the networks that Howard et al. 2019
// found by search ("Searching for MobileNetV3", table 2): inverted residuals
// with squeeze-and-excitation and hard swish.
//
// x: [batch, height, width, 3] → [batch, classes].
func MobileNetV3Small(classes int) cnnlib.Sequential {
	norm := cnnlib.BatchNorm{Epsilon: 1e-3, Momentum: 0.01}
	features := cnnlib.Sequential{normed(conv(16, 3, 2), norm, cnnlib.HardSwish{})}
	in := 16
	for _, b := range []struct {
		kernel, wide, out int
		excite            bool
		activation        cnnlib.Layer
		stride            int
	}{
		{3, 16, 16, true, cnnlib.ReLU{}, 2},
		{3, 72, 24, false, cnnlib.ReLU{}, 2},
		{3, 88, 24, false, cnnlib.ReLU{}, 1},
		{5, 96, 40, true, cnnlib.HardSwish{}, 2},
		{5, 240, 40, true, cnnlib.HardSwish{}, 1},
		{5, 240, 40, true, cnnlib.HardSwish{}, 1},
		{5, 120, 48, true, cnnlib.HardSwish{}, 1},
		{5, 144, 48, true, cnnlib.HardSwish{}, 1},
		{5, 288, 96, true, cnnlib.HardSwish{}, 2},
		{5, 576, 96, true, cnnlib.HardSwish{}, 1},
		{5, 576, 96, true, cnnlib.HardSwish{}, 1},
	} {
		var block cnnlib.Sequential
		if b.wide != in {
			block = append(block, normed(conv(b.wide, 1, 1), norm, b.activation))
		}
		block = append(block, normed(depthwise(b.kernel, b.stride), norm, b.activation))
		if b.excite {
			block = append(block, squeezeExcite(b.wide, divisible(b.wide/4), cnnlib.ReLU{}, cnnlib.HardSigmoid{}))
		}
		block = append(block, normed(conv(b.out, 1, 1), norm, nil))
		features = append(features, shortened(in, b.out, b.stride, cnnlib.Named("block", block)))
		in = b.out
	}
	features = append(features, normed(conv(576, 1, 1), norm, cnnlib.HardSwish{}))
	return cnnlib.Sequential{
		cnnlib.Named("features", features),
		cnnlib.Named("avgpool", cnnlib.GlobalAvgPool{}),
		group("classifier", cnnlib.Dense{Out: 1024}, cnnlib.HardSwish{}, cnnlib.Dropout{Rate: 0.2}, cnnlib.Dense{Out: classes}),
	}
}

// divisible is the multiple of 8 that is nearest to channels, but not less
// than nine tenths of it (Sandler et al. 2018).
func divisible(channels int) int {
	rounded := max(8, (channels+4)/8*8)
	if 10*rounded < 9*channels {
		rounded += 8
	}
	return rounded
}
