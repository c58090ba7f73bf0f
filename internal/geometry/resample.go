package geometry

// Resampling is what the outputs along one axis are made of: output o is
// (1 − Part[o])·input[Low[o]] + Part[o]·input[High[o]].
type Resampling struct {
	Low, High []int
	Part      []float32
}

// Nearest takes one input for each of out outputs, as PyTorch's interpolation
// "nearest" does, its rounding in float32 included: input o·ratio, rounded
// down. ratio is inputs per output. As many outputs, or twice as many, take
// the inputs in turn whatever the ratio: so does PyTorch's gradient, and its
// forward pass where channels are last, but not its other one.
func Nearest(in, out int, ratio float32) Resampling {
	r := Resampling{make([]int, out), make([]int, out), make([]float32, out)}
	for o := range out {
		i := min(int(float32(o)*ratio), in-1)
		if out == in || out == 2*in {
			i = o / (out / in)
		}
		r.Low[o], r.High[o] = i, i
	}
	return r
}

// Linear joins the two inputs beside each of out outputs, as PyTorch's
// "linear", "bilinear" and "trilinear" do. Pixels are squares of side 1, and
// ratio is inputs per output; with corners they are points, the first and the
// last of both sides lie on one another, and ratio is not looked at.
func Linear(in, out int, ratio float32, corners bool) Resampling {
	r := Resampling{make([]int, out), make([]int, out), make([]float32, out)}
	if corners {
		ratio = 0
		if out > 1 {
			ratio = float32(in-1) / float32(out-1)
		}
	}
	for o := range out {
		at := float32(o) * ratio
		if !corners {
			at = max(0, (float32(o)+0.5)*ratio-0.5)
		}
		if in == out {
			at = float32(o)
		}
		low := min(int(at), in-1)
		r.Low[o], r.High[o], r.Part[o] = low, min(low+1, in-1), min(max(at-float32(low), 0), 1)
	}
	return r
}

// Span is the inputs, from the first to the last, that the outputs from first
// to last are made of.
func (r Resampling) Span(first, last int) (from, to int) {
	from, to = r.Low[first], r.Low[first]
	for o := first; o <= last; o++ {
		from, to = min(from, r.Low[o]), max(to, r.Low[o])
		if r.Part[o] > 0 {
			from, to = min(from, r.High[o]), max(to, r.High[o])
		}
	}
	return from, to
}

// Cell is the inputs, from the first to the last, that output o of an adaptive
// pool reads: in pixels are shared out to out cells, which overlap where the
// one does not divide the other (PyTorch's adaptive pooling).
func Cell(o, in, out int) (first, last int) {
	return o * in / out, ((o+1)*in+out-1)/out - 1
}
