package cnnlib

import (
	"slices"
	"testing"
)

// TestWindowsAsONNX: one operator each, but for averages whose padding ONNX
// would count in another way.
func TestWindowsAsONNX(t *testing.T) {
	pixels := []int{4, 4, 2}
	uneven := []Window{{Kernel: 3, Stride: 2, PadBefore: 1, PadAfter: 1}, {Kernel: 2, Stride: 3, PadBefore: 1, PadAfter: 1}}
	areWritten(t, []writtenCase{
		{Conv{Out: 2, Kernel: 3, Stride: 2, Padding: 1}, pixels, "Conv"},
		{DepthwiseConv{Kernel: 3}, pixels, "Conv"},
		{TransposedConv{Out: 2, Kernel: 3, Stride: 2}, pixels, "ConvTranspose"},
		{MaxPool{Axes: uneven, Ceil: true}, pixels, "MaxPool"},
		{AvgPool{Size: 3, Stride: 2, Padding: 1}, pixels, "AveragePool"},
		{AvgPool{Axes: uneven, Ceil: true, ExcludePad: true}, pixels, "AveragePool"},
		{AvgPool{Axes: uneven, Ceil: true}, pixels, "Pad AveragePool"}, // PyTorch drops the last window of the second axis
		{GlobalMaxPool{}, pixels, "GlobalMaxPool Flatten"},
	})
	var g recorder
	if _, err := (Conv{Out: 2, Kernel: 3, Stride: 2, Padding: 1, Groups: 2}).ONNX(&g, "x", pixels, []string{"weight", "bias"}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string][]int{"kernel_shape": {3, 3}, "strides": {2, 2}, "dilations": {1, 1}, "pads": {1, 1, 1, 1}} {
		if got := g.last[name]; !slices.Equal(got.([]int), want) {
			t.Errorf("%s is %v, want %v", name, got, want)
		}
	}
	if g.last["group"] != 2 {
		t.Errorf("group is %v", g.last["group"])
	}
}
