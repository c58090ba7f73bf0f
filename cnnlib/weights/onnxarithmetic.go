package weights

import (
	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// operands is the two inputs of n. One may be known: then it is c, and second
// tells that it is the second one.
func (im *importer) operands(n onnx.Node) (a, b *value, c *constant, second bool, err error) {
	if len(n.Inputs) != 2 {
		return nil, nil, nil, false, im.wrong(n, "it takes %d values, 2 are read", len(n.Inputs))
	}
	for i, name := range n.Inputs {
		if im.value[name] != nil {
			continue
		}
		if c, err = im.constant(n, name); err != nil {
			return
		}
		if c != nil {
			a, err = im.operand(n, 1-i)
			return a, nil, c, i == 1, err
		}
	}
	if a, err = im.operand(n, 0); err == nil {
		b, err = im.operand(n, 1)
	}
	return a, b, nil, false, err
}

// scales is c as a number for each channel of examples of this shape, or for
// all; if last may be, also for each place along the last axis.
func (im *importer) scales(n onnx.Node, c *constant, shape []int, last bool) (perChannel, error) {
	if !isFloat(c.kind) {
		return perChannel{}, im.wrong(n, "constant %.80q has numbers of type %d, floats are needed", c.name, c.kind)
	}
	first, end := len(c.shape)-len(shape), len(c.shape)-1 // the channels, the last axis
	along := func(axis, size int) bool {
		for i, d := range c.shape {
			if len(c.shape) > len(shape)+1 || d != 1 && (i != axis || d != size) {
				return false
			}
		}
		return true
	}
	p := perChannel{name: c.name, array: len(c.shape) > 0}
	switch {
	case along(first, shape[0]):
	case last && along(end, shape[len(shape)-1]):
		p.last = true
	default:
		return p, im.wrong(n, "constant %.80q has shape %v: one number, or one for each of the %d channels of [batch, channels, ...] is read", c.name, c.shape, shape[0])
	}
	p.values = c.float32s()
	return p, im.take(n, 4*c.count())
}

// straight adds y = scale·x + shift to a chain.
func (g *growing) straight(scale, shift perChannel) *growing {
	if g.err != nil || scale.is(1) && shift.is(0) && !scale.array && !shift.array {
		return g
	}
	if scale.last || shift.last {
		return g.form(lastAffine{scale, shift}, g.shape)
	}
	return g.form(affine{scale, shift}, g.shape)
}

func negative(v float32) float32 { return -v }

// of is f of each number, with the same name.
func (p perChannel) of(f func(float32) float32) perChannel {
	return p.with(one(0), func(a, _ float32) float32 { return f(a) })
}

// add is a sum of values, or a shift of the channels.
func (im *importer) add(n onnx.Node) error {
	a, b, c, _, err := im.operands(n)
	if err != nil {
		return err
	}
	if c == nil {
		return im.joined(n, cnnlib.Sum, a, b)
	}
	shift, err := im.scales(n, c, a.shape, true)
	if err != nil {
		return err
	}
	return im.after(n, a, nil).straight(one(1), shift).end()
}

// sub is a sum with the opposite.
func (im *importer) sub(n onnx.Node) error {
	a, b, c, second, err := im.operands(n)
	switch {
	case err != nil:
		return err
	case c == nil:
		if b, err = im.after(n, b, nil).straight(one(-1), one(0)).value(); err != nil {
			return err
		}
		return im.joined(n, cnnlib.Sum, a, b)
	}
	shift, err := im.scales(n, c, a.shape, true)
	if err != nil {
		return err
	}
	if second {
		return im.after(n, a, nil).straight(one(1), shift.of(negative)).end()
	}
	return im.after(n, a, nil).straight(one(-1), shift).end()
}

// mul is a product of values, or a scale of the channels.
func (im *importer) mul(n onnx.Node) error {
	a, b, c, _, err := im.operands(n)
	if err != nil {
		return err
	}
	if c == nil {
		return im.joined(n, cnnlib.Product, a, b)
	}
	scale, err := im.scales(n, c, a.shape, true)
	if err != nil {
		return err
	}
	return im.after(n, a, nil).straight(scale, one(0)).end()
}

// div is a product with the inverse.
func (im *importer) div(n onnx.Node) error {
	a, b, c, second, err := im.operands(n)
	switch {
	case err != nil:
		return err
	case c == nil:
		if b, err = im.after(n, b, nil).form(power(-1), b.shape).value(); err != nil {
			return err
		}
		return im.joined(n, cnnlib.Product, a, b)
	case !second:
		return im.wrong(n, "it divides the constant %.80q by what the network computes", c.name)
	}
	scale, err := im.scales(n, c, a.shape, true)
	if err != nil {
		return err
	}
	return im.after(n, a, nil).straight(scale.of(func(v float32) float32 { return 1 / v }), one(0)).end()
}

// pow raises to a power that is known.
func (im *importer) pow(n onnx.Node) error {
	a, _, c, second, err := im.operands(n)
	if err != nil {
		return err
	}
	if c == nil || !second || c.count() != 1 || len(c.shape) > len(a.shape)+1 {
		return im.wrong(n, "the exponent should be one number")
	}
	switch to := c.numbers()[0]; to {
	case 1:
		return im.on(n).end()
	case 2:
		return im.joined(n, cnnlib.Product, a, a)
	default:
		return im.on(n).form(power(to), a.shape).end()
	}
}

// sum adds any number of values.
func (im *importer) sum(n onnx.Node) error {
	var all []*value
	for i := range n.Inputs {
		v, err := im.operand(n, i)
		if err != nil {
			return err
		}
		all = append(all, v)
	}
	if len(all) == 0 {
		return im.wrong(n, "it adds nothing")
	}
	return im.joined(n, cnnlib.Sum, all...)
}

// neg turns the sign.
func (im *importer) neg(n onnx.Node) error { return im.on(n).straight(one(-1), one(0)).end() }
