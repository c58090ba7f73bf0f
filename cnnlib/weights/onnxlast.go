package weights

import (
	"slices"

	"convlab/cnnlib"
)

// Programs that have the channels last put them there by a Transpose, work
// along the last axis, and put them back. Layers here work along the channels
// wherever those are: the Transpose moves to the end of its chain, where the one
// that puts them back meets it.

// permutedOn: the channels made the last axis, followed by what works along it,
// or on each number.
func permutedOn(im *importer, c chain) (chain, int) {
	if len(c) < 2 {
		return nil, 0
	}
	p, ok := c[0].op.(permute)
	if !ok || !channelsToLast(p) {
		return nil, 0
	}
	in, t := c[0].in, *c[1]
	var l cnnlib.Layer
	switch op := t.op.(type) {
	case lastNorm:
		l = cnnlib.LayerNorm{Epsilon: op.epsilon}
	case lastDense:
		w := t.weights[0]
		for range in[1:] {
			w.Shape = append(slices.Clone(w.Shape), 1)
		}
		l, t.weights = cnnlib.Conv{Out: w.Shape[0], Kernel: 1, NoBias: true}, []Tensor{w}
	case lastAffine:
		op.scale.last, op.shift.last = false, false
		t.op = affine(op)
	case affine:
		if len(op.scale.values) > 1 || len(op.shift.values) > 1 {
			return nil, 0
		}
	case clip, erf, power:
	case cnnlib.Layer:
		info, err := op.Check(channelsLast(in))
		if err != nil || !info.Pointwise || len(info.Weights) > 0 {
			return nil, 0
		}
		l = op
	default:
		return nil, 0
	}
	if l == nil {
		t.in, t.out = in, in
	} else if made, err := im.layerTerm(t.node, in, l, t.weights...); err != nil {
		return nil, 0
	} else {
		t = *made
	}
	if len(t.out) != len(c[1].out) || !slices.Equal(channelsLast(t.out), c[1].out) {
		return nil, 0
	}
	moved := *c[0]
	moved.in, moved.out = t.out, c[1].out
	return chain{&t, &moved}, 2
}

// channelsToLast tells whether p makes the channels the last axis.
func channelsToLast(p permute) bool {
	last := len(p) - 1
	for i, v := range p {
		if i == 0 && v != 0 || i == last && v != 1 || i > 0 && i < last && v != i+1 {
			return false
		}
	}
	return last > 1
}

// inverse tells whether q puts back what p swaps.
func inverse(p, q permute) bool {
	for i := range p {
		if len(p) != len(q) || p[q[i]] != i {
			return false
		}
	}
	return true
}

// unpermuted: axes swapped and put back.
func unpermuted(_ *importer, c chain) (chain, int) {
	if len(c) < 2 {
		return nil, 0
	}
	there, ok := c[0].op.(permute)
	back, okBack := c[1].op.(permute)
	if !ok || !okBack || !inverse(there, back) {
		return nil, 0
	}
	return nil, 2
}
