package weights

import (
	"math"
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// slice keeps some of the channels.
func (im *importer) slice(n onnx.Node) error {
	x, in, err := im.told(n)
	if err != nil {
		return err
	}
	shape := append([]int{math.MaxInt32}, x.shape...)
	all, ok := cuts(n, in, shape)
	if !ok {
		return im.wrong(n, "what it keeps is not known from the file: export the model with fixed sizes")
	}
	g := im.on(n)
	for _, c := range all {
		switch {
		case c.from == 0 && c.step == 1 && c.to == shape[c.axis]:
		case c.axis == 0 || c.step != 1 || c.size() == 0:
			return im.wrong(n, "it keeps %d to %d in steps of %d along axis %d of [batch, channels, ...]: only channels are cut, in steps of 1", c.from, c.to-1, c.step, c.axis)
		case c.axis > 1:
			to := slices.Clone(g.shape)
			to[c.axis-1] = c.size()
			g.form(cutOut{c.axis - 1, c.from, c.to}, to)
		default:
			g.layer(channels(c.from, c.to, g.shape[0]))
		}
	}
	return g.end()
}

// channels is the layer that keeps channels from to to of so many.
func channels(from, to, of int) cnnlib.ChannelSlice {
	if to == of {
		to = 0
	}
	return cnnlib.ChannelSlice{From: from, To: to}
}

// split gives each output some of the channels.
func (im *importer) split(n onnx.Node) error {
	x, err := im.operand(n, 0)
	if err != nil {
		return err
	}
	if axis, ok := im.axis(n, "axis", 0, x.shape); !ok || axis != 1 {
		return im.wrong(n, "it splits along axis %d of [batch, channels, ...]: only channels are split", intOf(n, "axis", 0))
	}
	sizes, err := im.list(n, "split", 1)
	if err != nil {
		return err
	}
	if sizes == nil {
		part := (x.shape[0] + len(n.Outputs) - 1) / len(n.Outputs)
		for at := 0; at < x.shape[0]; at += part {
			sizes = append(sizes, min(part, x.shape[0]-at))
		}
	}
	from := 0
	for _, size := range sizes {
		if size < 1 || size > x.shape[0]-from {
			return im.wrong(n, "parts of %v do not make %d channels", sizes, x.shape[0])
		}
		from += size
	}
	if from != x.shape[0] || len(sizes) != len(n.Outputs) {
		return im.wrong(n, "%d parts of %v are not the %d channels in %d outputs", len(sizes), sizes, x.shape[0], len(n.Outputs))
	}
	from = 0
	for i, name := range n.Outputs {
		v, err := im.on(n).layer(channels(from, from+sizes[i], x.shape[0])).value()
		if err != nil {
			return err
		}
		from += sizes[i]
		if name != "" {
			if err := im.define(n, name, v); err != nil {
				return err
			}
		}
	}
	return nil
}

// pooling makes one number of all positions, with axes of size 1 or without
// axes.
func pooling(max bool) func(*importer, onnx.Node) error {
	return func(im *importer, n onnx.Node) error {
		x, in, err := im.told(n)
		if err != nil {
			return err
		}
		axes, ok := axesOf(n, in, len(x.shape)+1)
		if !ok || len(axes) == 0 || slices.Min(axes) < 2 {
			return im.wrong(n, "it reduces axes %v of [batch, channels, ...]: spatial axes are read", axes)
		}
		keep, g := intOf(n, "keepdims", 1) != 0, im.on(n)
		if len(axes) == len(x.shape)-1 {
			if g.layer(adaptive(max, []int{1})); !keep {
				g.look(x.shape[:1])
			}
			return g.end()
		}
		var to []int
		form := partial{max: max}
		for i, d := range x.shape {
			if !slices.Contains(axes, i+1) {
				to = append(to, d)
				continue
			}
			form.axes |= 1 << i
			if keep {
				to = append(to, 1)
			}
		}
		return g.form(form, to).end()
	}
}
