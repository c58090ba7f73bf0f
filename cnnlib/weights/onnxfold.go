package weights

import (
	"math"
	"slices"

	"convlab/cnnlib/weights/internal/onnx"
)

// folds are the operators that are computed when the file is read, where all
// they take is known. Each gives nil for what it does not know.
var folds = map[string]func(n onnx.Node, in []*constant) *constant{
	"Identity": func(n onnx.Node, in []*constant) *constant { c := *in[0]; c.name = n.Outputs[0]; return &c },
	"Cast":     foldCast, "Shape": foldShape, "ConstantOfShape": foldConstantOfShape,
	"Reshape": foldReshape, "Squeeze": foldSqueeze, "Unsqueeze": foldUnsqueeze, "Transpose": foldTranspose,
	"Concat": foldConcat, "Gather": foldGather, "Slice": foldSlice, "Expand": foldExpand,
	"Add": arithmetic(func(a, b float64) float64 { return a + b }), "Sub": arithmetic(func(a, b float64) float64 { return a - b }),
	"Mul": arithmetic(func(a, b float64) float64 { return a * b }), "Div": foldDiv,
	"Pow": arithmetic(math.Pow), "Equal": foldEqual,
	"Neg": each(func(a float64) float64 { return -a }), "Sqrt": each(math.Sqrt), "Reciprocal": each(func(a float64) float64 { return 1 / a }),
	"Exp": each(math.Exp), "Floor": each(math.Floor), "Ceil": each(math.Ceil),
}

// computed is a constant of these numbers, rounded to what its kind holds. It
// keeps the name of the one that it has the numbers of, "" for new numbers.
func computed(name string, kind int, values []float64, shape ...int) *constant {
	if n, err := numbers(shape, len(values)); err != nil || n != len(values) {
		return nil
	}
	if kind == onnx.Float {
		for i, v := range values {
			values[i] = float64(float32(v))
		}
	}
	if values == nil {
		values = []float64{}
	}
	return &constant{name, kind, shape, &array{values: values}}
}

func foldCast(n onnx.Node, in []*constant) *constant {
	to, values := int(intOf(n, "to", 0)), slices.Clone(in[0].numbers())
	if kindSize[to] == 0 {
		return nil
	}
	for i, v := range values {
		switch {
		case isFloat(to) && v == openBatch && !isFloat(in[0].kind):
			return nil
		case to == onnx.Bool && v != 0:
			values[i] = 1
		case !isFloat(to) && isFloat(in[0].kind):
			if !(math.Abs(v) < 1<<53) {
				return nil
			}
			values[i] = math.Trunc(v)
		}
	}
	return computed(in[0].name, to, values, in[0].shape...)
}

func foldShape(n onnx.Node, in []*constant) *constant {
	var sizes []float64
	for _, d := range in[0].shape {
		sizes = append(sizes, float64(d))
	}
	return partOfShape(n, sizes)
}

// partOfShape is what a node Shape gives of a whole shape.
func partOfShape(n onnx.Node, sizes []float64) *constant {
	from := place(intOf(n, "start", 0), len(sizes), 0)
	to := place(intOf(n, "end", math.MaxInt32), len(sizes), 0)
	sizes = append([]float64{}, sizes[from:max(from, to)]...)
	return computed("", onnx.Int64, sizes, len(sizes))
}

// place is the place i among n, from the end if it is negative, and within
// bounds: from low to n.
func place(i int64, n, low int) int {
	if i < 0 {
		i += int64(n)
	}
	return int(min(max(i, int64(low)), int64(n)))
}

func foldConstantOfShape(n onnx.Node, in []*constant) *constant {
	shape, ok := in[0].ints()
	if !ok {
		return nil
	}
	count, err := numbers(shape, maxFolded)
	if err != nil {
		return nil
	}
	fill := &constant{kind: onnx.Float, array: &array{values: []float64{0}}}
	if a := attr(n, "value"); a != nil && a.Tensor != nil {
		if fill, err = initializer(a.Tensor); err != nil || fill.count() != 1 {
			return nil
		}
	}
	return computed("", fill.kind, slices.Repeat(fill.numbers(), count), shape...)
}

func foldReshape(n onnx.Node, in []*constant) *constant {
	if len(in) != 2 {
		return nil
	}
	to, ok := in[1].ints()
	if !ok || len(to) > maxAxes {
		return nil
	}
	shape, known, open := slices.Clone(to), 1, -1
	for i, d := range to {
		switch {
		case d == 0 && intOf(n, "allowzero", 0) == 0 && i < len(in[0].shape):
			shape[i] = in[0].shape[i]
		case d == -1 && open < 0:
			open = i
			continue
		case d < 0:
			return nil
		}
		known *= max(shape[i], 1)
		if known > maxFolded {
			return nil
		}
	}
	if open >= 0 {
		shape[open] = in[0].count() / known
	}
	return reshaped(in[0], shape)
}

// reshaped is c in another shape, nil if its numbers do not fit.
func reshaped(c *constant, shape []int) *constant {
	if n, err := numbers(shape, c.count()); err != nil || n != c.count() {
		return nil
	}
	out := *c
	out.shape = shape
	return &out
}

// axesOf is the axes that a node is told by its attribute or its second
// input, counted from the front of so many.
func axesOf(n onnx.Node, in []*constant, rank int) ([]int, bool) {
	var axes []int
	if a := attr(n, "axes"); a != nil {
		for _, v := range a.Ints {
			axes = append(axes, int(min(max(v, -math.MaxInt32), math.MaxInt32)))
		}
	} else if len(in) > 1 && in[1] != nil {
		var ok bool
		if axes, ok = in[1].ints(); !ok {
			return nil, false
		}
	}
	axes = slices.Clone(axes)
	for i, a := range axes {
		if a < 0 {
			axes[i] += rank
		}
		if axes[i] < 0 || axes[i] >= rank || slices.Contains(axes[:i], axes[i]) {
			return nil, false
		}
	}
	return axes, true
}

func foldSqueeze(n onnx.Node, in []*constant) *constant {
	axes, ok := axesOf(n, in, len(in[0].shape))
	shape := squeezed(in[0].shape, axes)
	if !ok || shape == nil {
		return nil
	}
	return reshaped(in[0], shape)
}

// squeezed is a shape without axes, which have size 1; without all such axes if
// none is named. It is nil if one has another size.
func squeezed(shape, axes []int) []int {
	out := []int{}
	for i, d := range shape {
		switch named := slices.Contains(axes, i); {
		case named && d != 1:
			return nil
		case named, len(axes) == 0 && d == 1:
		default:
			out = append(out, d)
		}
	}
	return out
}

func foldUnsqueeze(n onnx.Node, in []*constant) *constant {
	shape := unsqueezed(n, in, in[0].shape)
	if shape == nil {
		return nil
	}
	return reshaped(in[0], shape)
}

// unsqueezed is a shape with the axes of size 1 that n adds.
func unsqueezed(n onnx.Node, in []*constant, shape []int) []int {
	count := 0
	if a := attr(n, "axes"); a != nil {
		count = len(a.Ints)
	} else if len(in) > 1 && in[1] != nil {
		count = in[1].count()
	}
	rank := len(shape) + count
	if count > maxAxes || rank > maxAxes {
		return nil
	}
	axes, ok := axesOf(n, in, rank)
	if !ok {
		return nil
	}
	out := make([]int, 0, rank)
	for i := range rank {
		if slices.Contains(axes, i) {
			out = append(out, 1)
		} else {
			out, shape = append(out, shape[0]), shape[1:]
		}
	}
	return out
}
