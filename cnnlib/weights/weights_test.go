package weights

import (
	"slices"
	"strings"
	"testing"
)

// TestFloat32s reads 1 and −2, or 254 where there is no sign, in each type.
func TestFloat32s(t *testing.T) {
	for dtype, data := range map[DType]string{
		F64: "\x00\x00\x00\x00\x00\x00\xf0\x3f\x00\x00\x00\x00\x00\x00\x00\xc0", F32: "\x00\x00\x80\x3f\x00\x00\x00\xc0", F16: "\x00\x3c\x00\xc0",
		BF16: "\x80\x3f\x00\xc0", I64: "\x01\x00\x00\x00\x00\x00\x00\x00\xfe\xff\xff\xff\xff\xff\xff\xff", I32: "\x01\x00\x00\x00\xfe\xff\xff\xff",
		I16: "\x01\x00\xfe\xff", I8: "\x01\xfe", U8: "\x01\xfe",
	} {
		want := []float32{1, -2}
		if dtype == U8 {
			want[1] = 254
		}
		tensor := Tensor{Name: "t", DType: dtype, Shape: []int{2}, Data: []byte(data)}
		if got, err := tensor.Float32s(); err != nil || !slices.Equal(got, want) || tensor.check() != nil {
			t.Errorf("%s: %v, error %v, want %v", dtype, got, err, want)
		}
	}
	if _, err := (Tensor{Name: "t", DType: F32, Data: make([]byte, 5)}).Float32s(); err == nil || !strings.Contains(err.Error(), "5 bytes") {
		t.Errorf("5 bytes of float32: error %v", err)
	}
}

// TestTensorsThatNoFileCanHold are refused before anything is written.
func TestTensorsThatNoFileCanHold(t *testing.T) {
	good := NewTensor("a", []float32{1}, 1)
	for want, tensors := range map[string][]Tensor{
		`the name "a" is empty, reserved or there twice`:  {good, good},
		`the name "" is empty`:                            {NewTensor("", []float32{1}, 1)},
		`the name "__metadata__" is empty, reserved`:      {NewTensor("__metadata__", []float32{1}, 1)},
		"shape [2] of type \"F32\" does not take 4 bytes": {NewTensor("b", []float32{1}, 2)},
		"shape [-1] has a negative size":                  {NewTensor("b", nil, -1)},
		`type "F8" is not known`:                          {{Name: "b", DType: "F8", Shape: []int{1}, Data: []byte{0}}},
		"17 axes, at most 16 are read":                    {NewTensor("b", []float32{1}, slices.Repeat([]int{1}, 17)...)},
	} {
		if err := check(tensors); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}
