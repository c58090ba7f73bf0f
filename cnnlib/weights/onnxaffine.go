package weights

import "convlab/cnnlib"

// then is b after a.
func (a affine) then(b affine) affine {
	mul := func(x, y float32) float32 { return x * y }
	moved := a.shift.with(b.scale, mul)
	if b.scale.name == "" {
		moved.name = a.shift.name
	}
	return affine{a.scale.with(b.scale, mul), moved.with(b.shift, func(x, y float32) float32 { return x + y })}
}

// array tells whether a has weights, not just numbers.
func (a affine) array() bool { return a.scale.array || a.shift.array }

// bareNorm tells whether t is a norm without weights.
func bareNorm(t *term) bool {
	return len(t.weights) == 0 && (is[cnnlib.GroupNorm](t) || is[cnnlib.InstanceNorm](t))
}

// affine puts scale and shift into the layer before, or the one after if that
// is one to take them, or makes a layer of them: a Scale if it is one factor, a
// Conv of one pixel for each channel of images, a BatchNorm of features. It is nil if
// a neighbour has them.
func (im *importer) affine(t *term, a affine, before chain, next *term) (*term, error) {
	channels := t.in[0]
	if n := len(before); n > 0 && a.array() && bareNorm(before[n-1]) {
		_, err := im.intoOutput(before[n-1], a) // these are its weights, whatever they are
		return nil, err
	}
	if a.shift.is(0) && a.scale.is(1) {
		return nil, nil
	}
	if factor := a.scale.at(0); a.shift.is(0) && a.scale.is(factor) && factor != 0 {
		return im.layerTerm(t.node, t.in, cnnlib.Scale{By: decimal(factor)})
	}
	if err := im.take(t.node, 8*channels); err != nil {
		return nil, err
	}
	if len(before) > 0 {
		if done, err := im.intoOutput(before[len(before)-1], a); done || err != nil {
			return nil, err
		}
	}
	if next != nil {
		if done, err := im.intoInput(next, a, channels); done || err != nil {
			return nil, err
		}
	}
	wide := func(p perChannel) []float32 {
		all := make([]float32, channels)
		for c := range all {
			all[c] = p.at(c)
		}
		return all
	}
	scale, shift := NewTensor(a.scale.name, wide(a.scale), channels), NewTensor(a.shift.name, wide(a.shift), channels)
	if len(t.in) == 1 {
		zeros, ones := make([]float32, channels), wide(one(1))
		return im.layerTerm(t.node, t.in, cnnlib.BatchNorm{Epsilon: exact}, scale, shift, NewTensor("", zeros, channels), NewTensor("", ones, channels))
	}
	scale.Shape = []int{channels, 1}
	for range t.in[1:] {
		scale.Shape = append(scale.Shape, 1)
	}
	return im.layerTerm(t.node, t.in, cnnlib.Conv{Out: channels, Kernel: 1, Groups: unless(channels, 1)}, scale, shift)
}

// exact is the epsilon of a BatchNorm that adds nothing to a variance of 1.
const exact = 1e-12

// intoOutput makes t give scale·y + shift where it gave y, and tells whether it
// can.
func (im *importer) intoOutput(t *term, a affine) (bool, error) {
	var biased cnnlib.Layer // the same layer, with a bias
	first := 0              // how many of its weights scale with its output, before the bias
	switch l := t.op.(type) {
	case cnnlib.Conv:
		l.NoBias = false
		biased, first = l, 1
	case cnnlib.Dense:
		l.NoBias = false
		biased, first = l, 1
	case cnnlib.BatchNorm:
		biased, first = l, 1
	case cnnlib.GroupNorm:
		l.NoAffine = false
		biased, first = l, 1
	case cnnlib.InstanceNorm:
		l.Affine = true
		biased, first = l, 1
	case cnnlib.LayerNorm:
		biased, first = l, 1
	default:
		return false, nil
	}
	channels := t.out[0]
	weights := append([]Tensor{}, t.weights...)
	for len(weights) < 2 {
		fill := float32(0)
		if len(weights) == 0 { // a norm that had none
			fill = 1
		}
		all := make([]float32, channels)
		for c := range all {
			all[c] = fill
		}
		weights = append(weights, NewTensor("", all, channels))
	}
	names := []string{a.scale.name, a.shift.name}
	for i := range 2 {
		values, err := weights[i].Float32s()
		if err != nil {
			return false, im.wrong(t.node, "%v", err)
		}
		if err := im.take(t.node, 4*len(values)); err != nil {
			return false, err
		}
		each := len(values) / channels // numbers of one output channel
		for k := range values {
			c := k / each
			values[k] *= a.scale.at(c)
			if i == first {
				values[k] += a.shift.at(c)
			}
		}
		name := weights[i].Name
		if name == "" {
			name = names[i]
		}
		weights[i] = NewTensor(name, values, weights[i].Shape...)
	}
	again, err := im.layerTerm(t.node, t.in, biased, weights...)
	if err != nil {
		return false, err
	}
	t.op, t.weights = again.op, again.weights
	return true, nil
}

// intoInput makes t work on scale·x + shift where it worked on x, and tells
// whether it can: the layer has to sum over channels, and see no padding if
// there is a shift.
func (im *importer) intoInput(t *term, a affine, channels int) (bool, error) {
	var biased cnnlib.Layer
	switch l := t.op.(type) {
	case cnnlib.Dense:
		l.NoBias = false
		biased = l
	case cnnlib.Conv:
		info, err := l.Check(channelsLast(t.in))
		if err != nil || l.Groups > 1 {
			return false, nil
		}
		for _, w := range info.Window {
			if w.PadBefore+w.PadAfter > 0 {
				return false, nil
			}
		}
		l.NoBias = false
		biased = l
	default:
		return false, nil
	}
	values, err := t.weights[0].Float32s()
	if err != nil {
		return false, im.wrong(t.node, "%v", err)
	}
	out := t.out[0]
	if err := im.take(t.node, 4*len(values)+4*out); err != nil {
		return false, err
	}
	bias, name := make([]float32, out), ""
	if len(t.weights) > 1 {
		name = t.weights[1].Name
		if bias, err = t.weights[1].Float32s(); err != nil {
			return false, im.wrong(t.node, "%v", err)
		}
	}
	each := len(values) / out / channels // taps of the kernel
	for k := range values {
		o, c := k/(each*channels), k/each%channels
		bias[o] += values[k] * a.shift.at(c)
		values[k] *= a.scale.at(c)
	}
	again, err := im.layerTerm(t.node, t.in, biased, NewTensor(t.weights[0].Name, values, t.weights[0].Shape...), NewTensor(name, bias, out))
	if err != nil {
		return false, err
	}
	t.op, t.weights = again.op, again.weights
	return true, nil
}
