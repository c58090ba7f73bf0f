package geometry

import (
	"fmt"
	"math"
)

// Attributes are those of ONNX's sliding operators Conv, ConvTranspose, MaxPool
// and AveragePool (operator sets 1 to 22), one number per spatial axis. What a
// node does not have is empty.
type Attributes struct {
	AutoPad       string // "", "NOTSET", "SAME_UPPER", "SAME_LOWER" or "VALID"
	KernelShape   []int64
	Strides       []int64
	Dilations     []int64
	Pads          []int64 // before each axis, then after each; not looked at with another AutoPad than NOTSET
	CeilMode      bool    // pools
	OutputPadding []int64 // ConvTranspose
	OutputShape   []int64 // ConvTranspose: the spatial size wanted, in place of Pads
}

// Windows gives the window along each axis for an input of spatial size in;
// transposed is for ConvTranspose. Where operators read the input through
// padding that depends on its size, the windows hold for that size only. It is
// an error if the attributes contradict each other, and for a ConvTranspose
// whose OutputShape is larger than what is stamped: the standard leaves open
// where the zeros go.
func (a Attributes) Windows(in []int, transposed bool) ([]Window, error) {
	n := len(in)
	for _, l := range []struct {
		name   string
		values []int64
		want   int
		needed bool
	}{
		{"kernel_shape", a.KernelShape, n, true}, {"strides", a.Strides, n, false}, {"dilations", a.Dilations, n, false},
		{"pads", a.Pads, 2 * n, false}, {"output_padding", a.OutputPadding, n, false}, {"output_shape", a.OutputShape, n, false},
	} {
		if len(l.values) != l.want && (l.needed || len(l.values) > 0) {
			return nil, fmt.Errorf("%s has %d numbers, %d spatial axes need %d", l.name, len(l.values), n, l.want)
		}
		for _, v := range l.values {
			if v < 0 || v > math.MaxInt32 {
				return nil, fmt.Errorf("%s must be from 0 to %d, got %v", l.name, math.MaxInt32, l.values)
			}
		}
	}
	switch a.AutoPad {
	case "", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER":
	default:
		return nil, fmt.Errorf("auto_pad must be NOTSET, SAME_UPPER, SAME_LOWER or VALID, got %q", a.AutoPad)
	}
	windows := make([]Window, n)
	for i := range windows {
		w, err := a.window(i, in[i], n, transposed)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", AxisName(i, n), err)
		}
		windows[i] = w
	}
	return windows, nil
}

func at(values []int64, i, missing int) int {
	if len(values) == 0 {
		return missing
	}
	return int(values[i])
}

func (a Attributes) window(i, in, axes int, transposed bool) (Window, error) {
	w := Window{Kernel: int(a.KernelShape[i]), Stride: at(a.Strides, i, 1), Dilation: at(a.Dilations, i, 1),
		Transposed: transposed, OutputPadding: at(a.OutputPadding, i, 0)}
	if err := w.Check(); err != nil {
		return w, err
	}
	if in < 1 || in > math.MaxInt32 {
		return w, fmt.Errorf("input size must be from 1 to %d, got %d", math.MaxInt32, in)
	}
	same := a.AutoPad == "SAME_UPPER" || a.AutoPad == "SAME_LOWER"
	switch {
	case transposed && (same || len(a.OutputShape) > 0):
		wanted := at(a.OutputShape, i, in*w.Stride)
		total := (in-1)*w.Stride + w.Span() + w.OutputPadding - wanted
		if total < 0 {
			return w, fmt.Errorf("an output of %d pixels is wanted, only %d are stamped", wanted, wanted+total)
		}
		// Without SAME_UPPER the odd pixel is cut before.
		w.PadBefore, w.PadAfter = total-total/2, total/2
	case same:
		w = w.Same(in)
		w.PadBefore, w.PadAfter = w.PadAfter, w.PadBefore
	case a.AutoPad != "VALID":
		w.PadBefore, w.PadAfter = at(a.Pads, i, 0), at(a.Pads, axes+i, 0)
		w.Ceil = a.CeilMode // the standard's size for VALID rounds down with ceil_mode too
	}
	if a.AutoPad == "SAME_UPPER" {
		w.PadBefore, w.PadAfter = w.PadAfter, w.PadBefore
	}
	return w, w.Check()
}
