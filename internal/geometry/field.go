package geometry

import "math"

// Field is what one unit of a layer sees of the network's input along one
// axis (lesson 2.1). The zero value is not useful: start from Input.
type Field struct {
	Size  int     // pixels seen, from the first to the last
	Jump  float64 // input pixels between two neighbouring units
	Start float64 // first pixel that unit 0 sees; below 0 in the padding
}

// Input is the field of an input pixel: itself.
var Input = Field{Size: 1, Jump: 1}

// Through gives the field after one more window: the size grows by
// (span-1)·jump, the jump is multiplied by the stride (lesson 2.1). A
// transposed window divides the jump instead, its units see different numbers
// of pixels, and Size is an upper bound: Fields is exact.
func (f Field) Through(w Window) Field {
	s := float64(w.Stride)
	if w.Transposed {
		reads := (w.Span() + w.Stride - 1) / w.Stride // inputs that stamp on one output, at most
		return Field{
			Size:  f.Size + int(math.Ceil(float64(reads-1)*f.Jump)),
			Jump:  f.Jump / s,
			Start: f.Start + math.Ceil(float64(w.PadBefore-w.Span()+1)/s)*f.Jump,
		}
	}
	return Field{
		Size:  f.Size + int(math.Ceil(float64(w.Span()-1)*f.Jump)),
		Jump:  f.Jump * s,
		Start: f.Start - float64(w.PadBefore)*f.Jump,
	}
}

// Inputs is the range of inputs, first to last, that the outputs from first to
// last see through w. It is not cut at the borders of the input; first > last
// means that they see none.
func (w Window) Inputs(first, last int) (int, int) {
	if first > last {
		return first, last
	}
	if !w.Transposed {
		return first*w.Stride - w.PadBefore, last*w.Stride - w.PadBefore + w.Span() - 1
	}
	// Input i stamps tap t on output i·s + t·d - p.
	lo, hi := math.MaxInt, math.MinInt
	for o := first; o <= last; o++ {
		for t := range w.Kernel {
			if at := o + w.PadBefore - t*w.Dilation; at%w.Stride == 0 {
				lo, hi = min(lo, at/w.Stride), max(hi, at/w.Stride)
			}
		}
		// The middle of a long range cannot widen it.
		if o-first > w.Span()+w.Stride && last-o > w.Span()+w.Stride {
			o = last - w.Span() - w.Stride
		}
	}
	if lo > hi {
		return 0, -1
	}
	return lo, hi
}

// Sees is the range of input pixels, first to last, that one unit sees through
// all windows, input side first. It is not cut at the borders; first > last
// means none.
func Sees(windows []Window, unit int) (first, last int) {
	first, last = unit, unit
	for i := len(windows) - 1; i >= 0; i-- {
		first, last = windows[i].Inputs(first, last)
	}
	return first, last
}

// Fields gives the field after each window, input side first. After transposed
// windows the units differ: Size is that of the unit that sees most.
func Fields(windows []Window) []Field {
	fields := make([]Field, len(windows))
	f, up := Input, 1
	for i, w := range windows {
		f = f.Through(w)
		if w.Transposed {
			up = min(up*w.Stride, 1<<12)
		}
		if up > 1 {
			first, _ := Sees(windows[:i+1], 0)
			f.Size, f.Start = 0, float64(first)
			for unit := range up {
				if first, last := Sees(windows[:i+1], unit); last-first+1 > f.Size {
					f.Size = last - first + 1
				}
			}
		}
		fields[i] = f
	}
	return fields
}
