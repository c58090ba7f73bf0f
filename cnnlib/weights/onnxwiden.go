package weights

import (
	"slices"

	"convlab/cnnlib"
)

// A Squeeze or a Flatten after a pool takes the axes of size 1 off, an
// Unsqueeze or a Reshape puts them on again, before a join or a convolution of
// one pixel. Layers here do without: features [channels] are joined to images
// as they are. What puts the axes on moves to the end of its chain, where a
// join or a Flatten swallows it.

// isWiden tells whether t makes [channels, 1...] of [channels].
func isWiden(t *term) bool {
	return is[layout](t) && len(t.in) == 1 && t.out[0] == t.in[0] && single(t.out)
}

// widened: what took the axes off, followed by what puts them on.
func widened(im *importer, c chain) (chain, int) {
	if len(c) < 2 {
		return nil, 0
	}
	switch l, _ := c[0].layer(); {
	case isWiden(c[0]) && is[cnnlib.Flatten](c[1]), is[cnnlib.Flatten](c[0]) && isWiden(c[1]) && slices.Equal(c[0].in, c[1].out):
		return nil, 2
	case !isWiden(c[1]) || len(c[0].in) != len(c[1].out):
		return nil, 0
	case l == cnnlib.Layer(cnnlib.GlobalAvgPool{}):
		return im.as(c, 2, cnnlib.AdaptiveAvgPool{Size: 1})
	case l == cnnlib.Layer(cnnlib.GlobalMaxPool{}):
		return im.as(c, 2, cnnlib.AdaptiveMaxPool{Size: 1})
	}
	return nil, 0
}

// widenedOn: what puts axes on, followed by what does not mind.
func widenedOn(im *importer, c chain) (chain, int) {
	if len(c) < 2 || !isWiden(c[0]) {
		return nil, 0
	}
	narrow := *c[1]
	narrow.in, narrow.out = c[0].in, c[1].out[:1]
	switch l := narrow.op.(type) {
	case affine, clip, power, erf:
	case cnnlib.Conv:
		values := c[1].weights
		w := values[0]
		if info, err := l.Check(channelsLast(c[1].in)); err != nil || slices.ContainsFunc(info.Window, func(s cnnlib.Sliding) bool {
			return s.Kernel != 1 || s.PadBefore+s.PadAfter != 0
		}) || l.Groups > 1 {
			return nil, 0
		}
		w.Shape = w.Shape[:2]
		narrow.op, narrow.weights = cnnlib.Dense{Out: l.Out, NoBias: l.NoBias}, append([]Tensor{w}, values[1:]...)
	case cnnlib.Layer:
		if info, err := l.Check(channelsLast(c[1].in)); err != nil || !info.Pointwise {
			return nil, 0
		}
	default:
		return nil, 0
	}
	if l, ok := narrow.layer(); ok {
		t, err := im.layerTerm(narrow.node, narrow.in, l, narrow.weights...)
		if err != nil || !slices.Equal(t.out, narrow.out) {
			return nil, 0
		}
	}
	wide := *c[0]
	wide.in, wide.out = narrow.out, c[1].out
	return chain{&narrow, &wide}, 2
}

// widenedBranches: branches that end with axes put on lose them, as features
// are joined to images; the result has them, if no branch is an image.
func widenedBranches(_ *importer, c chain) (chain, int) {
	b, ok := c[0].op.(branches)
	if !ok || b.join == cnnlib.Concat {
		return nil, 0
	}
	wide, found := 0, false
	for _, part := range b.chains {
		if len(part) > 0 && isWiden(part[len(part)-1]) {
			found = true
		} else {
			wide++
		}
	}
	if !found || wide == 0 {
		return nil, 0
	}
	t := *c[0]
	b.chains = slices.Clone(b.chains)
	for i, part := range b.chains {
		if last := len(part) - 1; last >= 0 && isWiden(part[last]) {
			b.chains[i] = part[:last]
		}
	}
	t.op = b
	return chain{&t}, 1
}
