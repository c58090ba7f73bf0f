package weights

import (
	"math"

	"convlab/cnnlib"
)

// layers makes layers of all forms that no idiom took.
func (im *importer) layers(c chain) (chain, error) {
	var out chain
	for i := 0; i < len(c); i++ {
		t := c[i]
		switch op := t.op.(type) {
		case branches:
			if op.axis > 0 {
				return nil, im.wrong(t.node, "it joins along axis %d of [batch, channels, ...]: only channels are joined", op.axis+1)
			}
			for k := range op.chains {
				var err error
				if op.chains[k], err = im.layers(op.chains[k]); err != nil {
					return nil, err
				}
			}
		case clip:
			l := op.layer()
			if l == nil && op != everything {
				return nil, im.wrong(t.node, "it keeps numbers from %g to %g: cnnlib has ReLU, from 0, and ReLU6, from 0 to 6", op.low, op.high)
			} else if l == nil {
				continue
			}
			made, err := im.layerTerm(t.node, t.in, l)
			if err != nil {
				return nil, err
			}
			t = made
		case affine:
			bare := len(out) > 0 && bareNorm(out[len(out)-1])
			for ; i+1 < len(c) && is[affine](c[i+1]); i++ {
				next := c[i+1].op.(affine)
				if bare && op.array() && !next.array() {
					break // what comes first is the norm's weights
				}
				op = op.then(next)
			}
			var next *term
			if i+1 < len(c) {
				next = c[i+1]
			}
			made, err := im.affine(t, op, out, next)
			if err != nil {
				return nil, err
			}
			if made == nil {
				continue // a neighbour has it
			}
			t = made
		case cnnlib.Layer:
		default:
			return nil, im.alone(t)
		}
		out = append(out, t)
	}
	return out, nil
}

var everything = clip{float32(math.Inf(-1)), float32(math.Inf(1))}

// layer is the layer that c is, nil if it is none.
func (c clip) layer() cnnlib.Layer {
	switch c {
	case clip{0, 6}:
		return cnnlib.ReLU6{}
	case clip{0, float32(math.Inf(1))}:
		return cnnlib.ReLU{}
	}
	return nil
}

// alone is the error for a form that is no layer by itself.
func (im *importer) alone(t *term) error {
	switch op := t.op.(type) {
	case layout:
		return im.wrong(t.node, "to [batch, %v], from [batch, %v] with channels first: neither a Flatten nor part of a channel shuffle, a norm of groups, or of what is joined to an image", t.out, t.in)
	case permute:
		return im.wrong(t.node, "perm is %v: it is not part of a channel shuffle or of a norm of the channels", []int(op))
	case power:
		return im.wrong(t.node, "a division or a power (%g) is read in a local response norm alone", float64(op))
	case erf:
		return im.wrong(t.node, "it is not part of a GELU, x·(1 + erf(x/√2))/2")
	case positions, picks:
		return im.wrong(t.node, "it takes pixels from places that are not the cells of an adaptive pool")
	case partial:
		return im.wrong(t.node, "from [batch, %v] to [batch, %v]: only all spatial axes are reduced, or cells of an adaptive pool", t.in, t.out)
	case cutOut:
		return im.wrong(t.node, "it keeps places %d to %d along axis %d of [batch, channels, ...]: only channels are cut", op.from, op.to-1, op.axis+1)
	case lastNorm, lastDense, lastAffine:
		return im.wrong(t.node, "it works along the last axis of [batch, %v], which should be the channels, between two Transpose", t.in)
	}
	return im.wrong(t.node, "cnnlib has no layer for it")
}
