package cnnlib

import "testing"

func TestNetworkLayersAreNamed(t *testing.T) {
	for want, c := range map[string]struct {
		l    Layer
		axes int
	}{
		"AdaptiveAvgPool 7x7": {AdaptiveAvgPool{Size: 7}, 2}, "AdaptiveMaxPool 7": {AdaptiveMaxPool{Size: 7}, 1}, "AdaptiveAvgPool 2x3": {AdaptiveAvgPool{Sizes: []int{2, 3}}, 2},
		"GroupNorm g8": {GroupNorm{Groups: 8}, 2}, "PReLU per channel": {PReLU{PerChannel: true}, 2}, "LocalResponseNorm 5": {LocalResponseNorm{Size: 5}, 2},
		"Upsample x2 bilinear": {Upsample{Factor: 2, Linear: true}, 2}, "Upsample x1.5 trilinear": {Upsample{Factor: 1.5, Linear: true}, 3},
		"Upsample to 7 linear": {Upsample{Size: 7, Linear: true}, 1}, "Upsample to 7x9": {Upsample{Sizes: []int{7, 9}}, 2}, "Upsample x2,x3": {Upsample{Factors: []float64{2, 3}}, 2},
		"Upsample x2 bilinear corners": {Upsample{Factor: 2, Linear: true, AlignCorners: true}, 2},
		"Pad 1":                        {Pad{Size: 1}, 2}, "Pad 1 reflect": {Pad{Size: 1, Mode: PadReflect}, 2}, "Pad 1+0x2+1 replicate": {Pad{Sides: [][2]int{{1, 0}, {2, 1}}, Mode: PadReplicate}, 2},
		"Pad 1 with -3": {Pad{Size: 1, Value: -3}, 2}, "ChannelSlice 2:": {ChannelSlice{From: 2}, 2}, "ChannelSlice 0:3": {ChannelSlice{To: 3}, 2},
		"Softmax": {SoftmaxLayer{}, 0}, "LogSoftmax": {LogSoftmaxLayer{}, 0},
	} {
		if got := nameOf(c.l, make([]int, c.axes+1)); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestNamesTellTheAxes(t *testing.T) {
	for want, c := range map[string]struct {
		l  Layer
		in []int
	}{
		"Conv 4@3":             {Conv{Out: 4, Kernel: 3}, []int{9, 1}},
		"Conv 4@3x3x3 s2 d2":   {Conv{Out: 4, Kernel: 3, Stride: 2, Dilation: 2}, []int{9, 9, 9, 1}},
		"Conv 4@3x1":           {Conv{Out: 4, Axes: []Window{{Kernel: 3}, {Kernel: 1}}}, CIFARInput},
		"MaxPool 3x3 s2":       {MaxPool{Size: 3, Stride: 2}, CIFARInput},
		"TransposedConv 4@2x2": {TransposedConv{Out: 4, Kernel: 2}, CIFARInput},
	} {
		s, err := Sequential{c.l}.Summary(c.in)
		if err != nil || s.Rows[0].Layer != want {
			t.Errorf("%v, %v, want %q", s.Rows[0].Layer, err, want)
		}
	}
}
