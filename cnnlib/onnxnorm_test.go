package cnnlib

import "testing"

// TestNormsAsONNX: where version 20 of ONNX has no such operator, it is written
// out.
func TestNormsAsONNX(t *testing.T) {
	pixels, features := []int{4, 5, 6}, []int{6}
	areWritten(t, []writtenCase{
		{GroupNorm{Groups: 2}, pixels, "Reshape InstanceNormalization Reshape Unsqueeze Mul Unsqueeze Add"},
		{GroupNorm{Groups: 2, NoAffine: true}, pixels, "Reshape InstanceNormalization Reshape"},
		{InstanceNorm{Affine: true}, pixels, "InstanceNormalization"},
		{LayerNorm{}, pixels, "Transpose LayerNormalization Transpose"},
		{LayerNorm{}, features, "LayerNormalization"},
		{LocalResponseNorm{Size: 5}, pixels, "LRN"},
		{LocalResponseNorm{Size: 4}, pixels, "Mul Reshape AveragePool Mul Add Reshape Pow Div"},
		{LogSoftmaxLayer{}, pixels, "LogSoftmax"},
	})
}
