package weights

import (
	"math"
	"slices"

	"convlab/cnnlib"
)

// Activations that are written out, where the operator for them is younger
// than what wrote the file.

// gate is f if t multiplies what it takes with f of it, else nil.
func gate(t *term) chain {
	b, ok := t.op.(branches)
	if !ok || b.join != cnnlib.Product || len(b.chains) != 2 || len(b.chains[0]) > 0 {
		return nil
	}
	return b.chains[1]
}

func near(a float32, b float64) bool {
	return math.Abs(float64(a)-b) <= 1e-6*max(1, math.Abs(b))
}

// isAffine tells whether t is scale·x + shift for all channels.
func isAffine(t *term, scale, shift float64) bool {
	a, ok := t.op.(affine)
	return ok && len(a.scale.values) == 1 && len(a.shift.values) == 1 && near(a.scale.values[0], scale) && near(a.shift.values[0], shift)
}

func isClip(t *term, low, high float32) bool { return t.op == any(clip{low, high}) }

// swishes: x·sigmoid(x), and x·clip(x + 3, 0, 6)/6.
func swishes(im *importer, c chain) (chain, int) {
	f := gate(c[0])
	switch {
	case len(f) == 1 && is[cnnlib.Sigmoid](f[0]):
		return im.as(c, 1, cnnlib.SiLU{})
	case len(f) == 1 && is[cnnlib.HardSigmoid](f[0]):
		return im.as(c, 1, cnnlib.HardSwish{})
	case len(c) > 1 && len(f) == 2 && isAffine(f[0], 1, 3) && (isClip(f[1], 0, 6) || is[cnnlib.ReLU6](f[1])) && isAffine(c[1], 1.0/6, 0):
		return im.as(c, 2, cnnlib.HardSwish{})
	}
	return nil, 0
}

// hardSigmoids: clip(x + 3, 0, 6)/6, and clip(x/6 + 0.5, 0, 1).
func hardSigmoids(im *importer, c chain) (chain, int) {
	switch {
	case len(c) > 2 && isAffine(c[0], 1, 3) && isClip(c[1], 0, 6) && isAffine(c[2], 1.0/6, 0):
		return im.as(c, 3, cnnlib.HardSigmoid{})
	case len(c) > 2 && isAffine(c[0], 1.0/6, 0) && isAffine(c[1], 1, 0.5) && isClip(c[2], 0, 1):
		return im.as(c, 3, cnnlib.HardSigmoid{})
	}
	return nil, 0
}

// gelus: x·(1 + erf(x/√2))/2, the half before, after or within.
func gelus(im *importer, c chain) (chain, int) {
	b, ok := c[0].op.(branches)
	if !ok || b.join != cnnlib.Product || len(b.chains) != 2 {
		return nil, 0
	}
	half := func(t *term) bool { return isAffine(t, 0.5, 0) }
	x, f := b.chains[0], b.chains[1]
	if len(x) > len(f) {
		x, f = f, x
	}
	if len(f) < 3 || !isAffine(f[0], math.Sqrt2/2, 0) || !is[erf](f[1]) || !isAffine(f[2], 1, 1) {
		return nil, 0
	}
	switch {
	case len(x) == 1 && half(x[0]) && len(f) == 3, len(x) == 0 && len(f) == 4 && half(f[3]):
		return im.as(c, 1, cnnlib.GELU{})
	case len(x) == 0 && len(f) == 3 && len(c) > 1 && half(c[1]):
		return im.as(c, 2, cnnlib.GELU{})
	}
	return nil, 0
}

// responses: x by (alpha·mean of the squares of its neighbouring channels + k)
// to the power of beta, as PyTorch writes a local response norm.
func responses(im *importer, c chain) (chain, int) {
	f := gate(c[0])
	if len(f) < 6 || !slices.Equal(f[len(f)-1].out, c[0].in) {
		return nil, 0
	}
	square := squares(f[0])
	beta, ok := f[len(f)-2].op.(power)
	if inverted, okInverse := f[len(f)-1].op.(power); !square || !ok || !okInverse || inverted != -1 {
		return nil, 0
	}
	mean, size := f[1:len(f)-2], 0
	before, after := 0, 0
	alpha, k := one(1), one(0)
	for i, t := range mean {
		switch l := t.op.(type) {
		case layout:
			if i == 0 && (len(t.out) < 3 || t.out[0] != 1 || t.out[1] != c[0].in[0]) || i > 0 && !slices.Equal(t.out, c[0].in) {
				return nil, 0
			}
		case affine:
			if size == 0 || len(l.scale.values) > 1 || len(l.shift.values) > 1 {
				return nil, 0
			}
			alpha = alpha.with(l.scale, func(a, b float32) float32 { return a * b })
			k = one(k.values[0]*l.scale.values[0] + l.shift.values[0])
		case cnnlib.Pad, cnnlib.AvgPool:
			w, ok := alongFirst(t)
			if size > 0 || i == 0 || !ok {
				return nil, 0
			}
			before, after = before+w.PadBefore, after+w.PadAfter
			if is[cnnlib.AvgPool](t) {
				size = w.Kernel
			}
		default:
			return nil, 0
		}
	}
	if !is[layout](mean[0]) || size < 1 || size > maxWindow || before != size/2 || after != (size-1)/2 {
		return nil, 0
	}
	return im.as(c, 1, localResponse(size, decimal(alpha.values[0]), decimal(float32(beta)), decimal(k.values[0])))
}

// squares tells whether t squares what it takes.
func squares(t *term) bool {
	b, ok := t.op.(branches)
	return ok && b.join == cnnlib.Product && len(b.chains) == 2 && len(b.chains[0])+len(b.chains[1]) == 0
}

// alongFirst is how a padding with zeros, or a mean that counts its padding,
// slides along the first spatial axis, if it does nothing along the others.
func alongFirst(t *term) (cnnlib.Sliding, bool) {
	l, _ := t.layer()
	info, err := l.Check(channelsLast(t.in))
	if err != nil || len(info.Window) == 0 {
		return cnnlib.Sliding{}, false
	}
	if p, ok := l.(cnnlib.Pad); ok && (p.Mode != cnnlib.PadConstant || p.Value != 0) {
		return cnnlib.Sliding{}, false
	}
	first := info.Window[0]
	if p, ok := l.(cnnlib.AvgPool); ok && p.ExcludePad && first.PadBefore+first.PadAfter > 0 {
		return cnnlib.Sliding{}, false
	}
	for _, w := range info.Window[1:] {
		if w.Kernel != 1 || w.Stride != 1 || w.PadBefore+w.PadAfter != 0 {
			return cnnlib.Sliding{}, false
		}
	}
	return first, first.Stride == 1 && first.Dilation == 1
}
