package weights

import (
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// joinTerm is branches on examples of this shape, checked.
func (im *importer) joinTerm(n onnx.Node, in []int, b branches) (*term, error) {
	shapes := make([][]int, len(b.chains))
	for i, c := range b.chains {
		shapes[i] = in
		if len(c) > 0 {
			shapes[i] = c[len(c)-1].out
		}
	}
	out, err := im.joinShape(n, b.join, b.axis, shapes)
	if err != nil {
		return nil, err
	}
	return &term{node: n, in: in, out: out, op: b}, nil
}

// joinShape is the shape that n joins values of these shapes to, Concat along an
// axis of an example.
func (im *importer) joinShape(n onnx.Node, join cnnlib.Join, axis int, shapes [][]int) ([]int, error) {
	out := shapes[0]
	for _, s := range shapes[1:] {
		switch {
		case len(s) != len(out):
			return nil, im.wrong(n, "it joins values of %d and of %d axes, which would meet at the wrong ones", len(out)+1, len(s)+1)
		case join == cnnlib.Concat:
			both := slices.Clone(out)
			both[axis] = s[axis]
			if !slices.Equal(s, both) {
				return nil, im.wrong(n, "it joins shapes %v and %v along axis %d: all other sizes have to be equal", out, s, axis+1)
			}
			both[axis] += out[axis]
			out = both
		default:
			both := broadcastShape(out, s)
			if both == nil {
				return nil, im.wrong(n, "it joins shapes %v and %v: sizes have to be equal, or 1", out, s)
			}
			out = both
		}
		if _, err := numbers(out, maxOutput); err != nil {
			return nil, im.wrong(n, "%v", err)
		}
	}
	return out, nil
}

// joined gives the output of n to be these values joined.
func (im *importer) joined(n onnx.Node, join cnnlib.Join, from ...*value) error {
	return im.joinedAlong(n, join, 0, from)
}

func (im *importer) joinedAlong(n onnx.Node, join cnnlib.Join, axis int, from []*value) error {
	shapes := make([][]int, len(from))
	for i, v := range from {
		shapes[i] = v.shape
	}
	shape, err := im.joinShape(n, join, axis, shapes)
	if err != nil {
		return err
	}
	if len(from) == 1 {
		return im.define(n, n.Outputs[0], from[0])
	}
	if join != cnnlib.Concat || axis > 0 {
		return im.define(n, n.Outputs[0], newValue(value{node: n, shape: shape, from: from, join: join, axis: axis}))
	}
	begun, rest, end := im.concats.longest(from)
	if begun != nil {
		from = append([]*value{begun}, rest...)
	}
	v := newValue(value{node: n, shape: shape, from: from, join: join})
	if end.whole == nil {
		end.whole = v
	}
	return im.define(n, n.Outputs[0], v)
}

// joins is the concatenations that there are, by what they join: in a dense
// block each begins with all that the one before it joins.
type joins struct {
	whole *value // of the values so far
	then  map[*value]*joins
}

// longest finds the longest concatenation that these values begin with, and
// what comes after it; both are nil if there is none. end is the place of all
// of them.
func (j *joins) longest(values []*value) (begun *value, rest []*value, end *joins) {
	for i, v := range values {
		if j.then == nil {
			j.then = make(map[*value]*joins)
		}
		if j.then[v] == nil {
			j.then[v] = &joins{}
		}
		j = j.then[v]
		if j.whole != nil && i+1 < len(values) {
			begun, rest = j.whole, values[i+1:]
		}
	}
	return begun, rest, j
}

// concat joins channels.
func (im *importer) concat(n onnx.Node) error {
	var from []*value
	for i := range n.Inputs {
		v, err := im.operand(n, i)
		if err != nil {
			return err
		}
		from = append(from, v)
	}
	if len(from) == 0 {
		return im.wrong(n, "it joins nothing")
	}
	axis, ok := im.axis(n, "axis", 1, from[0].shape)
	if !ok || axis == 0 {
		return im.wrong(n, "it joins along axis %d of %d: examples of a batch stay apart", intOf(n, "axis", 1), len(from[0].shape)+1)
	}
	return im.joinedAlong(n, cnnlib.Concat, axis-1, from)
}

// axis is an attribute of n that names an axis of a batch of examples of this
// shape, counted from the front.
func (im *importer) axis(n onnx.Node, name string, otherwise int64, shape []int) (int, bool) {
	axis, rank := intOf(n, name, otherwise), int64(len(shape)+1)
	if axis < 0 {
		axis += rank
	}
	return int(axis), axis >= 0 && axis < rank
}
