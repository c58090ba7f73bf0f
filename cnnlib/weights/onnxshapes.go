package weights

import (
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
	"convlab/internal/geometry"
)

// look lays an example out in another shape: nothing, a Flatten, or part of an
// idiom.
func (g *growing) look(to []int) *growing {
	switch {
	case g.err != nil || slices.Equal(g.shape, to):
		return g
	case len(to) == 1 && len(g.shape) <= 4:
		return g.layer(cnnlib.Flatten{})
	}
	return g.form(layout{}, to)
}

// reshape keeps the batch.
func (im *importer) reshape(n onnx.Node) error {
	x, err := im.operand(n, 0)
	if err != nil {
		return err
	}
	to, err := im.list(n, "shape", 1)
	if err != nil {
		return err
	}
	zeros := intOf(n, "allowzero", 0) != 0
	failed := func() error {
		return im.wrong(n, "to %v, from [batch, %v]: that does not keep the examples of a batch apart", spokenSizes(to), x.shape)
	}
	if len(to) < 2 || len(to) > maxAxes {
		return failed()
	}
	whole, known, open := geometry.Volume(x.shape), 1, -1
	shape := slices.Clone(to[1:])
	for i, d := range shape {
		switch {
		case d == 0 && !zeros && i < len(x.shape):
			shape[i] = x.shape[i]
		case d == -1 && open < 0 && to[0] != -1:
			open = i
			continue
		case d < 1:
			return failed()
		}
		if known *= shape[i]; known > whole {
			return failed()
		}
	}
	if open >= 0 {
		shape[open] = whole / known
		known *= shape[open]
	}
	keeps := to[0] == 0 && !zeros || to[0] == batchSize || to[0] == -1 || im.batch > 0 && int64(to[0]) == im.batch
	if known != whole || !keeps {
		return failed()
	}
	return im.on(n).look(shape).end()
}

// spokenSizes is sizes with a word for the open batch.
func spokenSizes(sizes []int) []any {
	all := make([]any, len(sizes))
	for i, d := range sizes {
		if all[i] = d; d == batchSize {
			all[i] = "batch"
		}
	}
	return all
}

func (im *importer) flatten(n onnx.Node) error {
	x, err := im.operand(n, 0)
	if err != nil {
		return err
	}
	if axis, ok := im.axis(n, "axis", 1, x.shape); !ok || axis != 1 {
		return im.wrong(n, "axis is %d of %d axes; 1, or the same from the end, keeps the batch", intOf(n, "axis", 1), len(x.shape)+1)
	}
	return im.on(n).look([]int{geometry.Volume(x.shape)}).end()
}

// others is the inputs of n after the first that are constants, nil for those
// that are missing.
func (im *importer) others(n onnx.Node) ([]*constant, error) {
	all := make([]*constant, len(n.Inputs))
	for i := 1; i < len(all); i++ {
		if !given(n, i) {
			continue
		}
		c, err := im.constant(n, n.Inputs[i])
		if err != nil {
			return nil, err
		}
		if c == nil {
			return nil, im.wrong(n, "its input %d is not known from the file: export the model with fixed sizes", i)
		}
		all[i] = c
	}
	return all, nil
}

// squeeze and unsqueeze take off and add axes of size 1.
func (im *importer) squeeze(n onnx.Node) error {
	x, in, err := im.told(n)
	if err != nil {
		return err
	}
	axes, ok := axesOf(n, in, len(x.shape)+1)
	if ok && len(axes) == 0 { // all of size 1, but the batch
		for i, d := range x.shape {
			if d == 1 {
				axes = append(axes, i+1)
			}
		}
		ok = im.batch != 1
	}
	shape := squeezed(append([]int{0}, x.shape...), axes)
	if !ok || len(shape) < 2 || shape[0] != 0 {
		return im.wrong(n, "axes %v of [batch, %v] are not of size 1", axes, x.shape)
	}
	return im.on(n).look(shape[1:]).end()
}

func (im *importer) unsqueeze(n onnx.Node) error {
	x, in, err := im.told(n)
	if err != nil {
		return err
	}
	shape := unsqueezed(n, in, append([]int{0}, x.shape...))
	if len(shape) < 2 || shape[0] != 0 {
		return im.wrong(n, "it should add axes after that of the batch, to at most %d", maxAxes)
	}
	return im.on(n).look(shape[1:]).end()
}

// told is the first input of n, and the others, which are known.
func (im *importer) told(n onnx.Node) (*value, []*constant, error) {
	x, err := im.operand(n, 0)
	if err != nil {
		return nil, nil, err
	}
	in, err := im.others(n)
	return x, in, err
}

// transpose swaps axes, which is part of an idiom.
func (im *importer) transpose(n onnx.Node) error {
	x, err := im.operand(n, 0)
	if err != nil {
		return err
	}
	rank := len(x.shape) + 1
	order, err := im.list(n, "perm", -1)
	if order == nil {
		for i := range rank {
			order = append(order, rank-1-i)
		}
	}
	for i, v := range slices.Sorted(slices.Values(order)) {
		if i != v || len(order) != rank {
			return im.wrong(n, "perm is %v for %d axes", order, rank)
		}
	}
	if len(order) != rank {
		return im.wrong(n, "perm is empty for %d axes", rank)
	}
	shape := make([]int, rank-1)
	for i := range shape {
		if order[i+1] > 0 {
			shape[i] = x.shape[order[i+1]-1]
		}
	}
	switch {
	case err != nil:
		return err
	case slices.IsSorted(order):
		return im.on(n).end()
	case slices.Equal(order, []int{1, 0}): // for a Gemm with transA
		return im.on(n).form(permute(order), x.shape).end()
	case slices.Equal(order, []int{2, 3, 0, 1}):
		return im.on(n).form(positions{}, x.shape).end()
	case slices.Equal(order, []int{4, 5, 0, 1, 2, 3}) && len(x.terms) > 0 && is[picks](x.terms[len(x.terms)-1]):
		return im.on(n).end() // batch and channels come first again
	case order[0] != 0:
		return im.wrong(n, "perm is %v: it moves the batch", order)
	}
	return im.on(n).form(permute(order), shape).end()
}

// turned tells whether v is a batch of features as columns.
func (v *value) turned() bool {
	if len(v.terms) != 1 {
		return false
	}
	p, ok := v.terms[0].op.(permute)
	return ok && p[0] != 0
}
