package weights

import (
	"slices"
	"testing"
)

// TestONNXMatrices: PyTorch's layout has the outputs first; ONNX may have them
// last, and a factor beside them.
func TestONNXMatrices(t *testing.T) {
	w := turned(NewTensor("w", []float32{1, 2, 3, 4, 5, 6}, 2, 3))
	if values, err := w.Float32s(); err != nil || !slices.Equal(w.Shape, []int{3, 2}) || !slices.Equal(values, []float32{1, 4, 2, 5, 3, 6}) {
		t.Errorf("turned to %v %v, error %v", w.Shape, values, err)
	}
	if values, _ := scaled(NewTensor("b", []float32{1, -2}, 2), 0.5).Float32s(); !slices.Equal(values, []float32{0.5, -1}) {
		t.Errorf("scaled to %v", values)
	}
	areRead(t, map[string]string{
		"a matrix is needed":                   "y = MatMul x k",
		"weights of shape [4 4 1 1], a matrix": "f = Flatten x; y = Gemm f k",
		"transA takes the features":            "f = Flatten x; y = Gemm f k transA:1",
	})
}
