package weights

import (
	"slices"
	"testing"

	"convlab/cnnlib/weights/internal/onnx"
)

// TestONNXFoldArrays: the numbers that are picked, of [[1 2 3] [4 5 6]].
func TestONNXFoldArrays(t *testing.T) {
	rows := whole([]float64{1, 2, 3, 4, 5, 6}, 2, 3)
	attrs := func(all ...onnx.Attr) onnx.Node { return onnx.Node{Attrs: all} }
	list := func(name string, v ...int64) onnx.Attr { return intsAttr(name, v) }
	for name, c := range map[string]struct {
		got    *constant
		shape  []int
		values []float64
	}{
		"turned":                   {foldTranspose(onnx.Node{}, []*constant{rows}), []int{3, 2}, []float64{1, 4, 2, 5, 3, 6}},
		"beside itself":            {foldConcat(attrs(intAttr("axis", -1)), []*constant{rows, rows}), []int{2, 6}, []float64{1, 2, 3, 1, 2, 3, 4, 5, 6, 4, 5, 6}},
		"columns 2 and 0":          {foldGather(attrs(intAttr("axis", 1)), []*constant{rows, whole([]float64{-1, 0})}), []int{2, 2}, []float64{3, 1, 6, 4}},
		"columns 1 and on":         {foldSlice(attrs(list("starts", 1), list("ends", 1<<40), list("axes", 1)), []*constant{rows}), []int{2, 2}, []float64{2, 3, 5, 6}},
		"columns backwards, by 2s": {foldSlice(onnx.Node{}, []*constant{rows, whole([]float64{-1}), whole([]float64{-9}), whole([]float64{1}), whole([]float64{-2})}), []int{2, 2}, []float64{3, 1, 6, 4}},
	} {
		if c.got == nil || !slices.Equal(c.got.shape, c.shape) || !slices.Equal(c.got.numbers(), c.values) {
			t.Errorf("%s: %v, want %v of shape %v", name, c.got, c.values, c.shape)
		}
	}
	for name, got := range map[string]*constant{
		"other sizes":     foldConcat(attrs(intAttr("axis", 0)), []*constant{rows, whole([]float64{1, 2}, 1, 2)}),
		"column 3":        foldGather(attrs(intAttr("axis", 1)), []*constant{rows, whole([]float64{3})}),
		"an axis twice":   foldTranspose(attrs(list("perm", 0, 0)), []*constant{rows}),
		"in steps of 0":   foldSlice(onnx.Node{}, []*constant{rows, whole([]float64{0}), whole([]float64{1}), whole([]float64{0}), whole([]float64{0})}),
		"ends are unlike": foldSlice(attrs(list("starts", 0, 0), list("ends", 1)), []*constant{rows}),
	} {
		if got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}
