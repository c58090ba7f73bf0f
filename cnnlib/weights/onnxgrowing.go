package weights

import (
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// operand is input i of n, which has to depend on the network's input.
func (im *importer) operand(n onnx.Node, i int) (*value, error) {
	if !given(n, i) {
		return nil, im.wrong(n, "it has no input %d", i)
	}
	if v := im.value[n.Inputs[i]]; v != nil {
		return v, nil
	}
	if c, err := im.constant(n, n.Inputs[i]); c != nil || err != nil {
		return nil, im.wrong(n, "its input %d is the constant %.80q: it does not work on what the network is given", i, n.Inputs[i])
	}
	return nil, im.wrong(n, "it takes %.80q, which no node before it gives", n.Inputs[i])
}

// growing is a chain on a value, which becomes the first output of a node.
type growing struct {
	im    *importer
	n     onnx.Node
	from  *value
	shape []int // that the terms so far give
	terms chain
	err   error
}

// on starts a chain on the first input of n.
func (im *importer) on(n onnx.Node) *growing {
	v, err := im.operand(n, 0)
	return im.after(n, v, err)
}

func (im *importer) after(n onnx.Node, v *value, err error) *growing {
	if err != nil {
		return &growing{err: err}
	}
	return &growing{im: im, n: n, from: v, shape: v.shape}
}

// layer adds a layer with its weights, in the order of PyTorch's state dict.
func (g *growing) layer(l cnnlib.Layer, weights ...Tensor) *growing {
	if g.err != nil {
		return g
	}
	t, err := g.im.layerTerm(g.n, g.shape, l, weights...)
	if err != nil {
		g.err = err
		return g
	}
	g.shape, g.terms = t.out, append(g.terms, t)
	return g
}

// layerTerm is a layer on examples of this shape, checked.
func (im *importer) layerTerm(n onnx.Node, shape []int, l cnnlib.Layer, weights ...Tensor) (*term, error) {
	info, err := l.Check(channelsLast(shape))
	if err == nil {
		_, err = numbers(info.Output, maxOutput)
	}
	if err != nil {
		return nil, im.wrong(n, "%v", err)
	}
	if len(weights) != len(info.Weights) {
		return nil, im.wrong(n, "%d weights, the layer has %d", len(weights), len(info.Weights))
	}
	for i, w := range info.Weights {
		if want := permuted(w.Shape, toTheirs(len(w.Shape))); !slices.Equal(weights[i].Shape, want) {
			return nil, im.wrong(n, "constant %.80q has shape %v, should have %v", weights[i].Name, weights[i].Shape, want)
		}
	}
	return &term{node: n, in: shape, out: channelsFirst(info.Output), op: l, weights: weights}, nil
}

// form adds what is part of an idiom and gives this shape.
func (g *growing) form(op any, shape []int) *growing {
	if g.err == nil {
		g.terms = append(g.terms, &term{node: g.n, in: g.shape, out: shape, op: op})
		g.shape = shape
	}
	return g
}

// value ends the chain.
func (g *growing) value() (*value, error) {
	if g.err != nil || len(g.terms) == 0 {
		return g.from, g.err
	}
	return newValue(value{node: g.n, shape: g.shape, from: []*value{g.from}, terms: g.terms}), nil
}

// end gives the chain to be the first output of the node.
func (g *growing) end() error {
	v, err := g.value()
	if err != nil {
		return err
	}
	return g.im.define(g.n, g.n.Outputs[0], v)
}
