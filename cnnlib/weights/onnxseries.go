package weights

import (
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// value is what a name stands for that depends on the network's input.
type value struct {
	node  onnx.Node
	shape []int // of one example, channels first
	// from is the values that it is made of: one through terms, or several
	// joined. The network's input has none.
	from  []*value
	terms chain
	join  cnnlib.Join
	axis  int // of an example that Concat joins along

	uses int // how many values are made of it
	// above is the last of the values that every way from the input to this
	// one leads through, depth the number of those, and far one of them from
	// which on it is as far to the next as it was to this: with it, a way up
	// of n steps takes log n.
	above, far *value
	depth      int
	emitted    bool // it is in a chain already
}

// newValue finds its place for v, whose from have theirs.
func newValue(v value) *value {
	n := &v
	if len(n.from) == 0 {
		n.far = n
		return n
	}
	n.above = common(n.from)
	n.depth, n.far = n.above.depth+1, n.above
	if up := n.above.far; n.above.depth-up.depth == up.depth-up.far.depth {
		n.far = up.far
	}
	for _, from := range n.from {
		from.uses++
	}
	return n
}

// up is the value at this depth above v.
func (v *value) up(depth int) *value {
	for v.depth > depth {
		if v.far.depth >= depth {
			v = v.far
		} else {
			v = v.above
		}
	}
	return v
}

// common is the last value that every way from the input to any of these leads
// through.
func common(values []*value) *value {
	a := values[0]
	for _, b := range values[1:] {
		depth := min(a.depth, b.depth)
		a, b = a.up(depth), b.up(depth)
		for a != b {
			if a.far != b.far {
				a, b = a.far, b.far
			} else {
				a, b = a.above, b.above
			}
		}
	}
	return a
}

// reducer finds layers in series and in parallel in a graph. What makes a value
// from the last one that all ways lead through is a series of layers and joins;
// what is joined is again, for each branch, the same in small. Every layer is
// found once, or the graph is not made of series and parallel.
type reducer struct {
	im *importer
	// flatten takes joins of joins apart: x + (f(x) + g(f(x))) branches at x
	// and then at f(x) only as a sum of three.
	flatten bool
	emitted []*value
	nested  int
}

// reduce gives the whole network as a chain.
func (im *importer) reduce() (chain, error) {
	name := im.graph.Outputs[0].Name
	out := im.value[name]
	if out == nil {
		return nil, im.bad("graph", "its output %.80q is nothing that depends on its input", name)
	}
	root := out.up(0)
	r := &reducer{im: im}
	whole, err := r.series(out, root)
	if err == nil {
		return whole, nil
	}
	for _, v := range r.emitted {
		v.emitted = false
	}
	flat := &reducer{im: im, flatten: true}
	if whole, flatErr := flat.series(out, root); flatErr == nil {
		return whole, nil
	}
	return nil, err
}

// emit notes that v is made, for the first time.
func (r *reducer) emit(v *value) error {
	if v.emitted {
		return r.im.wrong(v.node, "more than one branch needs what it gives, and they do not end together: "+
			"layers in series and in parallel are read, in which a branch begins and ends within another")
	}
	v.emitted = true
	r.emitted = append(r.emitted, v)
	return nil
}

// series is what makes v from top, which every way to v leads through.
func (r *reducer) series(v, top *value) (chain, error) {
	var parts []chain // the last first
	for v != top {
		if err := r.emit(v); err != nil {
			return nil, err
		}
		if len(v.terms) > 0 {
			parts, v = append(parts, v.terms), v.from[0]
			continue
		}
		inputs := v.from
		if r.flatten {
			inputs = r.flat(v, nil)
		}
		from := common(inputs)
		joined, err := r.parallel(v, inputs, from)
		if err != nil {
			return nil, err
		}
		parts, v = append(parts, chain{joined}), from
	}
	slices.Reverse(parts)
	return slices.Concat(parts...), nil
}

// flat is what v joins, with the joins of the same kind that only v needs taken
// apart.
func (r *reducer) flat(v *value, to []*value) []*value {
	for _, from := range v.from {
		if len(from.from) > 1 && from.join == v.join && from.axis == v.axis && from.uses == 1 {
			to = r.flat(from, to)
		} else {
			to = append(to, from)
		}
	}
	return to
}

// parallel joins inputs of v as branches that begin at top. Inputs whose ways
// lead through a value of their own after top are joined first.
func (r *reducer) parallel(v *value, inputs []*value, top *value) (*term, error) {
	if r.nested++; r.nested > maxBranches {
		return nil, r.im.wrong(v.node, "branches within more than %d branches", maxBranches)
	}
	defer func() { r.nested-- }()
	b := branches{join: v.join, axis: v.axis}
	for _, group := range grouped(inputs, top) {
		var c chain
		var err error
		if len(group) == 1 {
			c, err = r.series(group[0], top)
		} else {
			c, err = r.group(v, inputs, group, top)
		}
		if err != nil {
			return nil, err
		}
		b.chains = append(b.chains, c)
	}
	return r.im.joinTerm(v.node, top.shape, b)
}

// group joins some of the inputs of v before the others.
func (r *reducer) group(v *value, inputs, group []*value, top *value) (chain, error) {
	if first := slices.Index(inputs, group[0]); v.join == cnnlib.Concat && !slices.Equal(inputs[first:min(first+len(group), len(inputs))], group) {
		return nil, r.im.wrong(v.node, "the branches that it joins do not lie beside one another: Concat would have to put them in another order")
	}
	from := common(group)
	joined, err := r.parallel(v, group, from)
	if err != nil {
		return nil, err
	}
	c, err := r.series(from, top)
	return append(c, joined), err
}

// grouped are values below top by the value right below it that ways to them
// lead through.
func grouped(values []*value, top *value) [][]*value {
	var groups [][]*value
	place := make(map[*value]int)
	for _, v := range values {
		if v == top {
			groups = append(groups, []*value{v})
			continue
		}
		head := v.up(top.depth + 1)
		i, ok := place[head]
		if !ok {
			i = len(groups)
			place[head] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], v)
	}
	return groups
}
