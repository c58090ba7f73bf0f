package weights

import (
	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// chain is what a network computes, in series: each term on what the one
// before it gives.
type chain []*term

// term is one step of a chain: a layer, or a form that is part of an idiom and
// becomes a layer with its neighbours.
type term struct {
	node    onnx.Node // that it was read from
	in, out []int     // shape of one example before and after it, channels first
	op      any       // a cnnlib.Layer or one of the forms below
	weights []Tensor  // of the layer, in PyTorch's layout and the order of its Weights
}

func (t *term) layer() (cnnlib.Layer, bool) {
	l, ok := t.op.(cnnlib.Layer)
	return l, ok
}

// The forms.
type (
	// branches are chains side by side whose results are joined.
	branches struct {
		join   cnnlib.Join
		axis   int // of an example that Concat joins along, channels being 0
		chains []chain
	}
	// affine multiplies every channel by a number and adds one.
	affine struct{ scale, shift perChannel }
	// clip keeps numbers from low to high.
	clip struct{ low, high float32 }
	// layout lays the numbers out in another shape.
	layout struct{}
	// permute swaps axes: axis i of the result is axis permute[i], the batch
	// being axis 0.
	permute []int
	// power raises every number to a power.
	power float64
	// erf is the error function.
	erf struct{}
	// partial is a global pool along some of the axes of an example, a bit for
	// each: the mean, or the largest.
	partial struct {
		max  bool
		axes uint32
	}
	// cutOut keeps the places from from to to−1 along an axis of an example.
	cutOut struct{ axis, from, to int }
	// positions puts the spatial axes before batch and channels, and picks takes
	// pixels of them by their places, for each cell of an adaptive pool.
	positions struct{}
	picks     struct{ places []int }
	// lastNorm, lastDense and lastAffine are LayerNorm, Dense and affine along
	// the last axis.
	lastNorm   struct{ epsilon float64 }
	lastDense  struct{}
	lastAffine affine
)

// perChannel is a number for each channel, or one for all.
type perChannel struct {
	name   string // of the constant that it is, if it is one
	values []float32
	last   bool // they are for the places along the last axis
	array  bool // the constant has axes, as weights have
}

func one(v float32) perChannel { return perChannel{values: []float32{v}} }

// is tells whether all are v.
func (p perChannel) is(v float32) bool {
	for _, x := range p.values {
		if x != v {
			return false
		}
	}
	return true
}

// at is the number for channel c.
func (p perChannel) at(c int) float32 {
	if len(p.values) == 1 {
		return p.values[0]
	}
	return p.values[c]
}

// with is f of the numbers of both. It has the name of the one that has one.
func (p perChannel) with(q perChannel, f func(a, b float32) float32) perChannel {
	name := p.name + q.name
	if p.name != "" && q.name != "" {
		name = ""
	}
	out := perChannel{name, make([]float32, max(len(p.values), len(q.values))), p.last || q.last, p.array || q.array}
	for c := range out.values {
		out.values[c] = f(p.at(c), q.at(c))
	}
	return out
}

// channelsLast turns [channels, spatial...] into [spatial..., channels].
func channelsLast(shape []int) []int {
	if len(shape) == 0 {
		return nil
	}
	return append(append([]int{}, shape[1:]...), shape[0])
}
