package weights

import (
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib/weights/internal/onnx"
)

// TestONNXConstants reads 1.5, or 1, and −2 in each type of number.
func TestONNXConstants(t *testing.T) {
	for kind, c := range map[int]struct {
		data string
		want []float64
	}{
		onnx.Float:  {"\x00\x00\xc0\x3f\x00\x00\x00\xc0", []float64{1.5, -2}},
		onnx.Double: {"\x00\x00\x00\x00\x00\x00\xf8\x3f\x00\x00\x00\x00\x00\x00\x00\xc0", []float64{1.5, -2}},
		onnx.Half:   {"\x00\x3e\x00\xc0", []float64{1.5, -2}},
		onnx.BFloat: {"\xc0\x3f\x00\xc0", []float64{1.5, -2}},
		onnx.Int64:  {"\x01\x00\x00\x00\x00\x00\x00\x00\xfe\xff\xff\xff\xff\xff\xff\xff", []float64{1, -2}},
		onnx.Int32:  {"\x01\x00\x00\x00\xfe\xff\xff\xff", []float64{1, -2}},
		onnx.Int8:   {"\x01\xfe", []float64{1, -2}},
		onnx.Uint8:  {"\x01\xfe", []float64{1, 254}},
	} {
		got, err := initializer(&onnx.Tensor{Name: "c", Type: kind, Dims: []int64{2}, Data: []byte(c.data)})
		if err != nil || got.count() != 2 || !slices.Equal(got.numbers(), c.want) {
			t.Errorf("type %d: %v, error %v, want %v", kind, got, err, c.want)
			continue
		}
		if _, err := got.tensor(); (err == nil) != isFloat(kind) {
			t.Errorf("type %d as weights: error %v", kind, err)
		}
	}
	for want, tensor := range map[string]onnx.Tensor{
		"has a size of -1":                  {Type: onnx.Float, Dims: []int64{-1}},
		"of shape [3] has 8 bytes":          {Type: onnx.Float, Dims: []int64{3}, Data: make([]byte, 8)},
		"numbers of type 99, which are not": {Type: 99},
	} {
		if _, err := initializer(&tensor); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
