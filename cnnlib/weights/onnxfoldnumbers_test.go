package weights

import (
	"math"
	"slices"
	"testing"

	"convlab/cnnlib/weights/internal/onnx"
)

// TestONNXFoldNumbers: arithmetic on known numbers, which broadcast.
func TestONNXFoldNumbers(t *testing.T) {
	column, row := whole([]float64{10, 20}, 2, 1), whole([]float64{1, 2, 3})
	add := arithmetic(func(a, b float64) float64 { return a + b })
	for name, c := range map[string]struct {
		got    *constant
		shape  []int
		values []float64
	}{
		"a column and a row":        {add(onnx.Node{}, []*constant{column, row}), []int{2, 3}, []float64{11, 12, 13, 21, 22, 23}},
		"whole numbers are cut off": {foldDiv(onnx.Node{}, []*constant{whole([]float64{7, -7}), whole([]float64{2})}), []int{2}, []float64{3, -3}},
		"equal or not":              {foldEqual(onnx.Node{}, []*constant{row, whole([]float64{2})}), []int{3}, []float64{0, 1, 0}},
		"expanded":                  {foldExpand(onnx.Node{}, []*constant{column, whole([]float64{2, 2})}), []int{2, 2}, []float64{10, 10, 20, 20}},
		"number by number":          {each(math.Abs)(onnx.Node{}, []*constant{whole([]float64{-4})}), []int{1}, []float64{4}},
	} {
		if c.got == nil || !slices.Equal(c.got.shape, c.shape) || !slices.Equal(c.got.numbers(), c.values) {
			t.Errorf("%s: %v, want %v of shape %v", name, c.got, c.values, c.shape)
		}
	}
	for name, got := range map[string]*constant{
		"2 and 3 numbers":      add(onnx.Node{}, []*constant{whole([]float64{1, 2}), row}),
		"divided by 0":         foldDiv(onnx.Node{}, []*constant{row, whole([]float64{0})}),
		"an open batch":        add(onnx.Node{}, []*constant{row, whole([]float64{openBatch})}),
		"numbers of two types": add(onnx.Node{}, []*constant{row, computed("", onnx.Float, []float64{1}, 1)}),
		"expanded to less":     foldExpand(onnx.Node{}, []*constant{row, whole([]float64{2})}),
	} {
		if got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}
