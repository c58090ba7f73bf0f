package weights

import (
	"math"

	"convlab/cnnlib/weights/internal/onnx"
)

// each folds an operator that works number by number.
func each(f func(a float64) float64) func(onnx.Node, []*constant) *constant {
	return func(_ onnx.Node, in []*constant) *constant {
		values := make([]float64, 0, in[0].count())
		for _, v := range in[0].numbers() {
			if v == openBatch && !isFloat(in[0].kind) {
				return nil
			}
			values = append(values, f(v))
		}
		return computed("", in[0].kind, values, in[0].shape...)
	}
}

// arithmetic folds an operator on two arrays, which broadcast.
func arithmetic(f func(a, b float64) float64) func(onnx.Node, []*constant) *constant {
	return func(_ onnx.Node, in []*constant) *constant { return combined(in, f) }
}

func combined(in []*constant, f func(a, b float64) float64) *constant {
	if len(in) != 2 || in[0].kind != in[1].kind {
		return nil
	}
	shape := broadcastShape(in[0].shape, in[1].shape)
	if shape == nil {
		return nil
	}
	a, b := expanded(in[0], shape), expanded(in[1], shape)
	if a == nil || b == nil {
		return nil
	}
	values := make([]float64, len(a.values))
	for i, v := range a.values {
		if w := b.values[i]; !isFloat(a.kind) && (v == openBatch || w == openBatch) {
			return nil
		}
		values[i] = f(v, b.values[i])
	}
	return computed("", a.kind, values, shape...)
}

// broadcastShape is the shape of what two arrays give that are computed with
// number by number, their last axes being the same ones; nil if they cannot.
func broadcastShape(a, b []int) []int {
	if len(a) < len(b) {
		a, b = b, a
	}
	out := append([]int{}, a...)
	for i, d := range b {
		at := len(a) - len(b) + i
		switch {
		case out[at] == 1:
			out[at] = d
		case d != 1 && d != out[at]:
			return nil
		}
	}
	return out
}

// expanded is c broadcast to a shape.
func expanded(c *constant, shape []int) *constant {
	steps, missing := strides(c.shape), len(shape)-len(c.shape)
	if missing < 0 {
		return nil
	}
	for i, d := range c.shape {
		if d == 1 {
			steps[i] = 0
		} else if d != shape[missing+i] {
			return nil
		}
	}
	return picked(c, shape, func(at []int) int {
		sum := 0
		for i, step := range steps {
			sum += at[missing+i] * step
		}
		return sum
	})
}

func foldExpand(_ onnx.Node, in []*constant) *constant {
	if len(in) != 2 {
		return nil
	}
	to, ok := in[1].ints()
	if !ok || len(to) > maxAxes {
		return nil
	}
	for _, d := range to {
		if d < 0 {
			return nil
		}
	}
	shape := broadcastShape(in[0].shape, to)
	if shape == nil {
		return nil
	}
	return expanded(in[0], shape)
}

// foldDiv divides; whole numbers are rounded towards 0.
func foldDiv(_ onnx.Node, in []*constant) *constant {
	whole, byZero := len(in) == 2 && !isFloat(in[0].kind), false
	c := combined(in, func(a, b float64) float64 {
		if !whole {
			return a / b
		}
		byZero = byZero || b == 0
		return math.Trunc(a / b)
	})
	if byZero {
		return nil
	}
	return c
}

func foldEqual(_ onnx.Node, in []*constant) *constant {
	c := combined(in, func(a, b float64) float64 {
		if a == b {
			return 1
		}
		return 0
	})
	if c != nil {
		c.kind = onnx.Bool
	}
	return c
}
