package weights

import (
	"slices"
	"testing"

	"convlab/cnnlib/weights/internal/onnx"
)

// whole is a constant of whole numbers, a vector if no shape is given.
func whole(values []float64, shape ...int) *constant {
	if shape == nil {
		shape = []int{len(values)}
	}
	return computed("", onnx.Int64, values, shape...)
}

// TestONNXFoldShapes: what shapes say is computed when the file is read.
func TestONNXFoldShapes(t *testing.T) {
	six := whole([]float64{1, 2, 3, 4, 5, 6})
	axes := onnx.Node{Attrs: []onnx.Attr{intsAttr("axes", []int64{0, -1})}}
	for name, c := range map[string]struct {
		got  *constant
		want []int
	}{
		"reshaped to 2 rows":         {foldReshape(onnx.Node{}, []*constant{six, whole([]float64{2, -1})}), []int{2, 3}},
		"reshaped, 0 for the old":    {foldReshape(onnx.Node{}, []*constant{reshaped(six, []int{3, 2}), whole([]float64{0, -1, 1})}), []int{3, 2, 1}},
		"with axes added":            {foldUnsqueeze(axes, []*constant{six}), []int{1, 6, 1}},
		"with axes taken off":        {foldSqueeze(axes, []*constant{reshaped(six, []int{1, 6, 1})}), []int{6}},
		"the shape of 2x3":           {foldShape(onnx.Node{}, []*constant{reshaped(six, []int{2, 3})}), []int{2}},
		"a constant of shape 2x2":    {foldConstantOfShape(onnx.Node{}, []*constant{whole([]float64{2, 2})}), []int{2, 2}},
		"cast to float32, same size": {foldCast(onnx.Node{Attrs: []onnx.Attr{intAttr("to", onnx.Float)}}, []*constant{six}), []int{6}},
	} {
		if c.got == nil || !slices.Equal(c.got.shape, c.want) {
			t.Errorf("%s: %v, want shape %v", name, c.got, c.want)
		}
	}
	for name, got := range map[string]*constant{
		"6 numbers as 4":      foldReshape(onnx.Node{}, []*constant{six, whole([]float64{4})}),
		"two sizes left open": foldReshape(onnx.Node{}, []*constant{six, whole([]float64{-1, -1})}),
		"an axis of size 6":   foldSqueeze(axes, []*constant{reshaped(six, []int{6, 1})}),
		"a huge constant":     foldConstantOfShape(onnx.Node{}, []*constant{whole([]float64{1 << 30, 1 << 30})}),
	} {
		if got != nil {
			t.Errorf("%s: %v", name, got)
		}
	}
}
