package lesson

import (
	"testing"

	"convlab/cnnlib"
	"convlab/convviz"
)

// TestLiveCases: what On and Shaped make can be shown, and its numbers are
// those that were given.
func TestLiveCases(t *testing.T) {
	x, column, row := Rows("1 2 3; 4 5 6; 7 8 9"), Rows("1; 2"), Rows("-1 1")
	for name, c := range map[string]convviz.Case{
		"plain":      On(cnnlib.Conv{}, x, Rows("1 0; 0 1")),
		"transposed": On(cnnlib.TransposedConv{Stride: 2}, x, Rows("1 2; 3 4")),
		"separable":  On(cnnlib.SpatialConv{Out: 1, Kernel: 2}, x, column, row),
		"shaped":     Shaped(cnnlib.MaxPool{Size: 2}, 4, 4, 2),
	} {
		if _, err := convviz.Live(c); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if name != "shaped" && (len(c.Input) != 9 || c.Input[5] != 6 || c.Kernels[0][0] != 1) {
			t.Errorf("%s: %+v", name, c)
		}
	}
	if _, err := convviz.Live(On(cnnlib.Conv{}, nil, x)); err == nil {
		t.Error("a layer on nothing was shown")
	}
}
