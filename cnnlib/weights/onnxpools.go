package weights

import (
	"slices"

	"convlab/cnnlib"
	"convlab/internal/geometry"
)

// pooledInSteps: a pool over all positions, some axes at a time.
func pooledInSteps(im *importer, c chain) (chain, int) {
	first, ok := c[0].op.(partial)
	if !ok {
		return nil, 0
	}
	n := 1
	for n < len(c) && is[partial](c[n]) && c[n].op == c[0].op {
		n++
	}
	if n < len(c) && (first.max && (is[cnnlib.AdaptiveMaxPool](c[n]) || is[cnnlib.GlobalMaxPool](c[n])) ||
		!first.max && (is[cnnlib.AdaptiveAvgPool](c[n]) || is[cnnlib.GlobalAvgPool](c[n]))) {
		n++ // of all that is left
	}
	switch out := c[n-1].out; {
	case single(out) && len(out) == len(c[0].in):
		return im.as(c, n, adaptive(first.max, []int{1}))
	case len(out) == 1 && first.max:
		return im.as(c, n, cnnlib.GlobalMaxPool{})
	case len(out) == 1:
		return im.as(c, n, cnnlib.GlobalAvgPool{})
	}
	return nil, 0
}

// pools tells whether t is a mean or a maximum, and which.
func pools(t *term) (partial, bool) {
	switch op := t.op.(type) {
	case partial:
		return op, true
	case cnnlib.AdaptiveAvgPool:
		return partial{}, true
	case cnnlib.AdaptiveMaxPool:
		return partial{max: true}, true
	}
	return partial{}, false
}

// cellsJoined: the cells of an adaptive pool along one axis, each cut out and
// pooled, one beside the other.
func cellsJoined(im *importer, c chain) (chain, int) {
	b, ok := c[0].op.(branches)
	if !ok || b.axis == 0 {
		return nil, 0
	}
	in, cells := c[0].in, len(b.chains)
	var kind partial
	for o, part := range b.chains {
		from, to := 0, in[b.axis]
		if len(part) == 2 {
			cut, ok := part[0].op.(cutOut)
			if !ok || cut.axis != b.axis {
				return nil, 0
			}
			from, to, part = cut.from, cut.to, part[1:]
		}
		if len(part) != 1 {
			return nil, 0
		}
		out := slices.Clone(in)
		out[b.axis] = 1
		pool, ok := pools(part[0])
		first, last := geometry.Cell(o, in[b.axis], cells)
		if !ok || from != first || to != last+1 || !slices.Equal(part[0].out, out) || o > 0 && pool != kind {
			return nil, 0
		}
		kind = pool
	}
	sizes := slices.Clone(in[1:])
	sizes[b.axis-1] = cells
	return im.as(c, 1, adaptive(kind.max, sizes))
}

// adaptive is an adaptive pool to these sizes.
func adaptive(max bool, sizes []int) cnnlib.Layer {
	size := sizes[0]
	if slices.ContainsFunc(sizes, func(s int) bool { return s != size }) {
		size = 0
	} else {
		sizes = nil
	}
	if max {
		return cnnlib.AdaptiveMaxPool{Size: size, Sizes: sizes}
	}
	return cnnlib.AdaptiveAvgPool{Size: size, Sizes: sizes}
}

// adaptiveInSteps: adaptive pools that change one axis each.
func adaptiveInSteps(im *importer, c chain) (chain, int) {
	if len(c) < 2 {
		return nil, 0
	}
	first, ok := pools(c[0])
	second, okSecond := pools(c[1])
	if !ok || !okSecond || first != second || is[partial](c[0]) || is[partial](c[1]) {
		return nil, 0
	}
	a, between, z := c[0].in, c[0].out, c[1].out
	for i := range a {
		if a[i] != between[i] && between[i] != z[i] {
			return nil, 0
		}
	}
	return im.as(c, 2, adaptive(first.max, z[1:]))
}
