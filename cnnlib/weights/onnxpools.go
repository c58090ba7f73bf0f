package weights

import (
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
	"convlab/internal/geometry"
)

// pooledInSteps: a pool over all positions, some axes at a time.
func pooledInSteps(im *importer, c chain) (chain, int) {
	first, ok := c[0].op.(partial)
	if !ok {
		return nil, 0
	}
	n := 1
	for n < len(c) && is[partial](c[n]) && c[n].op.(partial).max == first.max {
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
func pools(t *term) (max, ok bool) {
	switch op := t.op.(type) {
	case partial:
		return op.max, true
	case cnnlib.AdaptiveAvgPool:
		return false, true
	case cnnlib.AdaptiveMaxPool:
		return true, true
	}
	return false, false
}

// cellsJoined: the cells of an adaptive pool along one axis, each cut out and
// pooled, one beside the other.
func cellsJoined(im *importer, c chain) (chain, int) {
	b, ok := c[0].op.(branches)
	if !ok || b.axis == 0 {
		return nil, 0
	}
	in, cells := c[0].in, len(b.chains)
	var kind bool // whether it is the maximum
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
		max, ok := pools(part[0])
		first, last := geometry.Cell(o, in[b.axis], cells)
		if !ok || from != first || to != last+1 || !slices.Equal(part[0].out, out) || o > 0 && max != kind {
			return nil, 0
		}
		kind = max
	}
	sizes := slices.Clone(in[1:])
	sizes[b.axis-1] = cells
	return im.as(c, 1, adaptive(kind, sizes))
}

// gatherND takes pixels for cells of one size, as PyTorch writes an adaptive pool:
// places is [rows, height of a cell, columns, width of a cell, 2].
func (im *importer) gatherND(n onnx.Node) error {
	x, err := im.operand(n, 0)
	if err != nil {
		return err
	}
	if len(x.terms) != 1 || !is[positions](x.terms[0]) || len(x.shape) != 3 || intOf(n, "batch_dims", 0) != 0 || !given(n, 1) {
		return im.wrong(n, "it takes pixels; only the cells of an adaptive pool are read")
	}
	c, err := im.constant(n, n.Inputs[1])
	if err != nil {
		return err
	}
	if c == nil || isFloat(c.kind) || len(c.shape) != 5 || c.shape[4] != 2 || c.count() == 0 || c.count() > maxPicked {
		return im.wrong(n, "it takes pixels from places that are not known, or are no cells of an adaptive pool")
	}
	var places []int
	for _, v := range c.numbers() {
		places = append(places, int(v))
	}
	return im.on(n).form(picks{places}, append([]int{x.shape[0]}, c.shape[:4]...)).end()
}

// maxPicked is how many places are compared with the cells of a pool.
const maxPicked = 1 << 20

// cellsPicked: the cells of an adaptive pool, gathered and averaged.
func cellsPicked(im *importer, c chain) (chain, int) {
	if len(c) < 3 || !is[positions](c[0]) || c[2].op != any(partial{axes: 1<<2 | 1<<4}) {
		return nil, 0
	}
	p, ok := c[1].op.(picks)
	if !ok {
		return nil, 0
	}
	in, cells := c[0].in, c[1].out // [channels, rows, height, columns, width]
	if !slices.Equal(c[2].out, []int{in[0], cells[1], cells[3]}) {
		return nil, 0
	}
	at := 0
	for row := range cells[1] {
		for y := range cells[2] {
			for column := range cells[3] {
				for x := range cells[4] {
					top, bottom := geometry.Cell(row, in[1], cells[1])
					left, right := geometry.Cell(column, in[2], cells[3])
					if p.places[at] != top+y || p.places[at+1] != left+x || bottom-top+1 != cells[2] || right-left+1 != cells[4] {
						return nil, 0
					}
					at += 2
				}
			}
		}
	}
	return im.as(c, 3, adaptive(false, []int{cells[1], cells[3]}))
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
	return im.as(c, 2, adaptive(first, z[1:]))
}
