package weights

import "convlab/cnnlib"

// networkLayerCases has the layers that well-known networks have beside
// convolutions.
func networkLayerCases() map[string]onnxCase {
	return map[string]onnxCase{
		"activations": {cnnlib.Sequential{
			cnnlib.Conv{Out: 6, Kernel: 3}, cnnlib.Scale{By: 9}, cnnlib.PReLU{PerChannel: true}, cnnlib.HardSwish{}, cnnlib.PReLU{}, cnnlib.Conv{Out: 6, Kernel: 1},
			cnnlib.Branches{Layers: []cnnlib.Layer{cnnlib.HardSigmoid{}, cnnlib.ReLU6{}, cnnlib.SoftmaxLayer{}, cnnlib.LogSoftmaxLayer{}}},
			cnnlib.Flatten{}, cnnlib.Dense{Out: 9}, cnnlib.PReLU{PerChannel: true}, cnnlib.LogSoftmaxLayer{}}, []int{6, 7, 3}},
		"adaptive": {cnnlib.Sequential{cnnlib.Branches{Layers: []cnnlib.Layer{
			cnnlib.AdaptiveAvgPool{Size: 3}, cnnlib.AdaptiveMaxPool{Size: 3},
			cnnlib.Sequential{cnnlib.AdaptiveMaxPool{Sizes: []int{4, 7}}, cnnlib.AdaptiveAvgPool{Sizes: []int{3, 3}}},
			cnnlib.Sequential{cnnlib.AdaptiveAvgPool{Sizes: []int{4, 5}}, cnnlib.AdaptiveMaxPool{Size: 3}},
			cnnlib.Sequential{cnnlib.AdaptiveAvgPool{Sizes: []int{2, 5}}, cnnlib.AdaptiveMaxPool{Sizes: []int{1, 5}}, cnnlib.AdaptiveAvgPool{Size: 1}, cnnlib.AdaptiveMaxPool{Size: 3}},
		}}}, []int{8, 10, 2}},
		"norms": {cnnlib.Sequential{
			cnnlib.Conv{Out: 8, Kernel: 3}, cnnlib.GroupNorm{Groups: 4}, cnnlib.LayerNorm{Epsilon: 1e-6}, cnnlib.LocalResponseNorm{Size: 5, Alpha: 0.5},
			cnnlib.InstanceNorm{Affine: true}, cnnlib.LocalResponseNorm{Size: 4, Alpha: 2, Beta: 0.5, K: 2}, cnnlib.GroupNorm{Groups: 2, NoAffine: true, Epsilon: 1e-3},
			cnnlib.InstanceNorm{}, cnnlib.Flatten{}, cnnlib.Dense{Out: 12}, cnnlib.LayerNorm{}, cnnlib.GroupNorm{Groups: 3}}, []int{6, 7, 3}},
		"resized": {cnnlib.Sequential{cnnlib.Branches{Layers: []cnnlib.Layer{
			cnnlib.Upsample{Factor: 3}, cnnlib.Upsample{Factor: 3, Linear: true}, cnnlib.Upsample{Sizes: []int{12, 15}, Linear: true, AlignCorners: true},
			cnnlib.Sequential{cnnlib.Upsample{Factor: 1.5}, cnnlib.Upsample{Sizes: []int{12, 15}}},
			cnnlib.Sequential{cnnlib.Upsample{Factors: []float64{2.6, 1.7}, Linear: true}, cnnlib.Upsample{Sizes: []int{7, 6}, Linear: true}, cnnlib.Upsample{Sizes: []int{12, 15}}},
			cnnlib.Sequential{cnnlib.Upsample{Size: 14}, cnnlib.Upsample{Size: 4}, cnnlib.Upsample{Sizes: []int{12, 15}}}, // where onnxruntime rounds otherwise
			cnnlib.Sequential{cnnlib.Upsample{Factor: 0.7}, cnnlib.Upsample{Factors: []float64{6, 5.1}}},
		}}}, []int{4, 5, 2}},
		"padded": {cnnlib.Sequential{cnnlib.Branches{Layers: []cnnlib.Layer{
			cnnlib.Pad{Size: 2}, cnnlib.Pad{Sides: [][2]int{{3, 1}, {0, 4}}, Value: -0.5}, cnnlib.Pad{Size: 2, Mode: cnnlib.PadReflect},
			cnnlib.Pad{Sides: [][2]int{{0, 4}, {3, 1}}, Mode: cnnlib.PadReplicate},
			cnnlib.Sequential{cnnlib.ChannelSlice{From: 1}, cnnlib.Pad{Size: 2}}, cnnlib.Sequential{cnnlib.ChannelSlice{To: 2}, cnnlib.Pad{Size: 2}},
		}}}, []int{4, 5, 3}},
		"layers1d": {cnnlib.Sequential{
			cnnlib.Conv{Out: 6, Kernel: 3}, cnnlib.GroupNorm{Groups: 2}, cnnlib.LocalResponseNorm{Size: 3, Alpha: 1}, cnnlib.Upsample{Factor: 2, Linear: true}, cnnlib.LayerNorm{},
			cnnlib.Upsample{Size: 13}, cnnlib.Pad{Size: 1, Mode: cnnlib.PadReflect}, cnnlib.PReLU{PerChannel: true}, cnnlib.Upsample{Factor: 2}, cnnlib.AdaptiveAvgPool{Size: 4},
			cnnlib.SoftmaxLayer{}}, []int{11, 2}},
		"layers3d": {cnnlib.Sequential{
			cnnlib.Conv{Out: 4, Kernel: 2}, cnnlib.InstanceNorm{}, cnnlib.LocalResponseNorm{Size: 3, Alpha: 1}, cnnlib.Upsample{Factor: 2, Linear: true}, cnnlib.LayerNorm{},
			cnnlib.Upsample{Sizes: []int{5, 4, 7}, Linear: true, AlignCorners: true}, cnnlib.Pad{Size: 1, Mode: cnnlib.PadReplicate}, cnnlib.Upsample{Factor: 1.5},
			cnnlib.AdaptiveMaxPool{Sizes: []int{2, 3, 3}}, cnnlib.GroupNorm{Groups: 2}}, []int{4, 3, 5, 2}},
	}
}
