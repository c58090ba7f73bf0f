package cnnlib

import "testing"

// TestResizingAsONNX: cells that overlap are cut out one by one, and pixels are
// gathered where Resize would round in another way.
func TestResizingAsONNX(t *testing.T) {
	pixels := []int{4, 5, 2}
	areWritten(t, []writtenCase{
		{AdaptiveAvgPool{Size: 1}, pixels, "GlobalAveragePool"},
		{AdaptiveMaxPool{Sizes: []int{2, 5}}, pixels, "MaxPool"},
		{AdaptiveAvgPool{Sizes: []int{4, 2}}, pixels, "Slice ReduceMean Slice ReduceMean Concat"},
		{Upsample{Factor: 3}, pixels, "Resize"},
		{Upsample{Factor: 2, Linear: true}, pixels, "Resize"},
		{Upsample{Size: 4}, []int{14, 14, 2}, "Gather Gather"},
		{Pad{Size: 1, Mode: PadReflect}, pixels, "Pad"},
		{ChannelSlice{From: 1}, pixels, "Slice"},
	})
}
