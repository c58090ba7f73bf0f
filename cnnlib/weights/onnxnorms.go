package weights

import (
	"math"
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

func (im *importer) batchNorm(n onnx.Node) error {
	if intOf(n, "spatial", 1) != 1 {
		return im.wrong(n, "spatial is 0: statistics for every pixel, cnnlib has them for every channel")
	}
	if intOf(n, "training_mode", 0) != 0 {
		return im.wrong(n, "it is in training mode: export the model for inference")
	}
	var all []Tensor
	for i := 1; i <= 4; i++ {
		t, err := im.weight(n, i)
		if err != nil {
			return err
		}
		all = append(all, t)
	}
	epsilon, err := im.epsilon(n)
	if err != nil {
		return err
	}
	layer := cnnlib.BatchNorm{Epsilon: epsilon}
	if m := 1 - floatOf(n, "momentum", 0.9); m > 0 && m <= 1 { // training only
		layer.Momentum = math.Round(m*1e6) / 1e6
	}
	if layer.Momentum == 0.1 {
		layer.Momentum = 0
	}
	return im.on(n).layer(layer, all...).end()
}

// epsilon is what n adds to a variance, 0 if it is what 0 means in cnnlib.
func (im *importer) epsilon(n onnx.Node) (float64, error) {
	switch e := floatOf(n, "epsilon", 1e-5); {
	case e == 1e-5:
		return 0, nil
	case !(e > 0):
		return 0, im.wrong(n, "epsilon is %g", e)
	default:
		return e, nil
	}
}

// scaleAndShift is the inputs 1 and 2 of n, of n numbers each; the second may
// be missing.
func (im *importer) scaleAndShift(n onnx.Node, count int) (all []Tensor, plain bool, err error) {
	scale, err := im.weight(n, 1)
	if err != nil {
		return nil, false, err
	}
	all = []Tensor{scale}
	if given(n, 2) {
		shift, err := im.weight(n, 2)
		if err != nil {
			return nil, false, err
		}
		all = append(all, shift)
	} else {
		if err := im.take(n, 4*count); err != nil {
			return nil, false, err
		}
		all = append(all, NewTensor("", make([]float32, count), count))
	}
	plain = true
	for i, t := range all {
		values, err := t.Float32s()
		if err != nil {
			return nil, false, im.wrong(n, "%v", err)
		}
		if !slices.Equal(t.Shape, []int{count}) {
			return nil, false, im.wrong(n, "constant %.80q has shape %v, should have %v", t.Name, t.Shape, []int{count})
		}
		plain = plain && perChannel{values: values}.is(float32(1-i))
	}
	return all, plain, nil
}

// normalised is what n normalises, and its epsilon.
func (im *importer) normalised(n onnx.Node) (x *value, epsilon float64, err error) {
	if x, err = im.operand(n, 0); err == nil {
		epsilon, err = im.epsilon(n)
	}
	return x, epsilon, err
}

// instanceNorm is an InstanceNorm, without weights where they do nothing.
func (im *importer) instanceNorm(n onnx.Node) error {
	x, epsilon, err := im.normalised(n)
	if err != nil {
		return err
	}
	all, plain, err := im.scaleAndShift(n, x.shape[0])
	if plain {
		all = nil
	}
	return im.after(n, x, err).layer(cnnlib.InstanceNorm{Epsilon: epsilon, Affine: !plain}, all...).end()
}

// groupNorm has a scale and a shift for each channel; before version 21 for each
// group.
func (im *importer) groupNorm(n onnx.Node) error {
	x, epsilon, err := im.normalised(n)
	if err != nil {
		return err
	}
	channels := x.shape[0]
	groups := int(min(intOf(n, "num_groups", 0), math.MaxInt32))
	if groups < 1 || channels%groups != 0 {
		return im.wrong(n, "%d channels cannot be split into %d groups", channels, groups)
	}
	count := channels
	if im.opset < 21 {
		count = groups
	}
	all, plain, err := im.scaleAndShift(n, count)
	if err != nil {
		return err
	}
	if plain {
		all = nil
	} else if all, err = im.forChannels(n, all, channels); err != nil {
		return err
	}
	return im.on(n).layer(cnnlib.GroupNorm{Groups: groups, Epsilon: epsilon, NoAffine: plain}, all...).end()
}

// forChannels repeats what is for each group of channels for each of them.
func (im *importer) forChannels(n onnx.Node, all []Tensor, channels int) ([]Tensor, error) {
	all = slices.Clone(all)
	for i, t := range all {
		values, err := t.Float32s()
		if err != nil {
			return nil, im.wrong(n, "%v", err)
		}
		if err := im.take(n, 4*channels); err != nil {
			return nil, err
		}
		wide := make([]float32, channels)
		for c := range wide {
			wide[c] = values[c*len(values)/channels]
		}
		all[i] = NewTensor(t.Name, wide, channels)
	}
	return all, nil
}

// layerNorm works along the last axis, or on all of an example together.
func (im *importer) layerNorm(n onnx.Node) error {
	x, err := im.operand(n, 0)
	if err != nil {
		return err
	}
	epsilon, err := im.epsilon(n)
	if err != nil {
		return err
	}
	last := len(x.shape)
	axis, ok := im.axis(n, "axis", -1, x.shape)
	switch {
	case ok && axis == last:
		all, _, err := im.scaleAndShift(n, x.shape[last-1])
		g := im.after(n, x, err)
		if last == 1 {
			return g.layer(cnnlib.LayerNorm{Epsilon: epsilon}, all...).end()
		}
		if g.form(lastNorm{epsilon}, g.shape); g.err == nil {
			g.terms[0].weights = all
		}
		return g.end()
	case ok && axis == 1:
		all, err := im.pixelsAlike(n, x.shape)
		return im.after(n, x, err).layer(cnnlib.GroupNorm{Groups: 1, Epsilon: epsilon}, all...).end()
	}
	return im.wrong(n, "it works on the axes from %d on of [batch, channels, ...]; cnnlib's norms on the channels, or on everything", axis)
}

// pixelsAlike is the inputs 1 and 2 of n, [channels, spatial...], as numbers for
// each channel: those for its pixels have to be equal.
func (im *importer) pixelsAlike(n onnx.Node, shape []int) ([]Tensor, error) {
	var all []Tensor
	for i := 1; i <= 2; i++ {
		if i == 2 && !given(n, 2) {
			if err := im.take(n, 4*shape[0]); err != nil {
				return nil, err
			}
			return append(all, NewTensor("", make([]float32, shape[0]), shape[0])), nil
		}
		t, err := im.weight(n, i)
		if err != nil {
			return nil, err
		}
		values, err := t.Float32s()
		if err != nil || !slices.Equal(t.Shape, shape) {
			return nil, im.wrong(n, "constant %.80q has shape %v, should have %v", t.Name, t.Shape, shape)
		}
		size, each := len(values)/shape[0], make([]float32, shape[0])
		for c := range each {
			pixels := perChannel{values: values[c*size : (c+1)*size]}
			if each[c] = values[c*size]; !pixels.is(each[c]) {
				return nil, im.wrong(n, "it scales every pixel by a number of its own, cnnlib's norms every channel")
			}
		}
		all = append(all, NewTensor(t.Name, each, shape[0]))
	}
	return all, nil
}

// lrn is a LocalResponseNorm. Of an even size ONNX has the extra channel on the
// other side than PyTorch.
func (im *importer) lrn(n onnx.Node) error {
	size := intOf(n, "size", 0)
	if size < 1 || size > maxWindow || size%2 == 0 {
		return im.wrong(n, "size is %d: an odd number of channels up to %d is read", size, maxWindow)
	}
	return im.on(n).layer(localResponse(int(size), floatOf(n, "alpha", 1e-4), floatOf(n, "beta", 0.75), floatOf(n, "bias", 1))).end()
}

// localResponse is the layer with these constants, written as 0 where 0 means
// them.
func localResponse(size int, alpha, beta, k float64) cnnlib.LocalResponseNorm {
	l := cnnlib.LocalResponseNorm{Size: size, Alpha: alpha, Beta: beta, K: k}
	for _, c := range []struct {
		v     *float64
		usual float64
	}{{&l.Alpha, 1e-4}, {&l.Beta, 0.75}, {&l.K, 1}} {
		if *c.v == c.usual {
			*c.v = 0
		}
	}
	return l
}
