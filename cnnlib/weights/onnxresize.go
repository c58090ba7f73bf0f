package weights

import (
	"math"
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/weights/internal/onnx"
)

// text is an attribute that is a word.
func text(n onnx.Node, name, otherwise string) string {
	if a := attr(n, name); a != nil {
		return a.String
	}
	return otherwise
}

// resize is an Upsample where it takes the pixels that PyTorch's interpolation
// takes.
func (im *importer) resize(n onnx.Node) error {
	x, err := im.operand(n, 0)
	if err != nil {
		return err
	}
	scales, sizes := 2, 3 // the inputs that tell them
	if im.opset < 11 {
		scales, sizes = 1, -1
	}
	u, err := im.enlarged(n, x, scales, sizes)
	if err != nil {
		return err
	}
	place := text(n, "coordinate_transformation_mode", "half_pixel")
	if im.opset < 11 {
		place = "asymmetric"
	}
	rounding := text(n, "nearest_mode", "round_prefer_floor")
	if im.opset < 11 {
		rounding = "floor"
	}
	info, err := im.placed(n, x, u)
	if err != nil {
		return err
	}
	switch mode := text(n, "mode", "nearest"); {
	case mode == "linear" && (place == "half_pixel" || place == "pytorch_half_pixel"):
		u.Linear = true
	case mode == "linear" && place == "align_corners":
		u.Linear, u.AlignCorners = true, true
	case mode == "nearest" && place == "asymmetric" && rounding == "floor":
	case mode == "nearest" && place == "half_pixel" && (rounding == "round_prefer_floor" || rounding == "round_prefer_ceil") && wholeTimes(x, info.Output):
	default:
		return im.wrong(n, "mode %.40q with coordinate_transformation_mode %.40q and nearest_mode %.40q is not how cnnlib's Upsample places pixels", mode, place, rounding)
	}
	if intOf(n, "antialias", 0) != 0 || intOf(n, "exclude_outside", 0) != 0 || text(n, "keep_aspect_ratio_policy", "stretch") != "stretch" {
		return im.wrong(n, "antialias, exclude_outside and keep_aspect_ratio_policy are not read")
	}
	if slices.Equal(channelsFirst(info.Output), x.shape) {
		return im.after(n, x, nil).end()
	}
	return im.after(n, x, nil).layer(usual(x, u)).end()
}

// upsample is what Resize was called before version 10.
func (im *importer) upsample(n onnx.Node) error {
	x, err := im.operand(n, 0)
	if err != nil {
		return err
	}
	if mode := text(n, "mode", "nearest"); mode != "nearest" {
		return im.wrong(n, "mode is %.40q; nearest is read", mode)
	}
	u, err := im.enlarged(n, x, 1, -1)
	if err == nil {
		_, err = im.placed(n, x, u)
	}
	return im.after(n, x, err).layer(usual(x, u)).end()
}

// placed checks an Upsample of x, within limits: each of its pixels is placed by
// itself.
func (im *importer) placed(n onnx.Node, x *value, u cnnlib.Upsample) (cnnlib.Info, error) {
	if im.taps -= 8 * slices.Max(x.shape); im.taps < 0 {
		return cnnlib.Info{}, im.wrong(n, "more than %d pixels are placed", maxTaps)
	}
	info, err := u.Check(channelsLast(x.shape))
	if err != nil {
		return info, im.wrong(n, "%v", err)
	}
	return info, nil
}

// enlarged reads how large n makes x: the input called scales or sizes. Both
// may leave axes out that axes tells the others of.
func (im *importer) enlarged(n onnx.Node, x *value, scales, sizes int) (u cnnlib.Upsample, err error) {
	rank := len(x.shape) + 1
	axes, err := im.list(n, "axes", -1)
	if axes == nil {
		for i := range rank {
			axes = append(axes, i)
		}
	}
	failed := func() (cnnlib.Upsample, error) {
		if err != nil {
			return u, err
		}
		return u, im.wrong(n, "scales or sizes of the spatial axes of [batch, channels, ...] are needed, known from the file")
	}
	for i := range axes {
		if axes[i] < 0 {
			axes[i] += rank
		}
		if axes[i] < 0 || axes[i] >= rank || slices.Contains(axes[:i], axes[i]) {
			return failed()
		}
	}
	if err != nil || rank < 3 {
		return failed()
	}
	if sizes > 0 && given(n, sizes) {
		to, err := im.list(n, "sizes", sizes)
		if err != nil || len(to) != len(axes) {
			return failed()
		}
		u.Sizes = slices.Clone(x.shape[1:])
		for i, axis := range axes {
			switch {
			case axis > 1:
				u.Sizes[axis-2] = to[i]
			case axis == 1 && to[i] != x.shape[0], axis == 0 && to[i] != batchSize && int64(to[i]) != im.batch:
				return failed()
			}
		}
		if one := u.Sizes[0]; !slices.ContainsFunc(u.Sizes, func(s int) bool { return s != one }) {
			u.Size, u.Sizes = one, nil
		}
		return u, nil
	}
	var by []float32
	if a := attr(n, "scales"); a != nil {
		by = a.Floats
	} else if given(n, scales) {
		t, tErr := im.weight(n, scales)
		if tErr != nil {
			return u, tErr
		}
		by, _ = t.Float32s()
	}
	if len(by) != len(axes) {
		return failed()
	}
	u.Factors = slices.Repeat([]float64{1}, rank-2)
	for i, axis := range axes {
		switch f := decimal(by[i]); {
		case axis > 1 && f > 0 && f < math.MaxInt32:
			u.Factors[axis-2] = f
		case axis > 1 || f != 1:
			return failed()
		}
	}
	if one := u.Factors[0]; !slices.ContainsFunc(u.Factors, func(f float64) bool { return f != one }) {
		u.Factor, u.Factors = one, nil
	}
	return u, nil
}

// usual is u written by factors if it makes a whole number of pixels of each, and
// by sizes if its corners lie on one another, which is what counts then.
func usual(x *value, u cnnlib.Upsample) cnnlib.Upsample {
	info, err := u.Check(channelsLast(x.shape))
	if err != nil {
		return u // which is an error later
	}
	sizes := info.Output[:len(x.shape)-1]
	same := func(n int, f func(i int) float64) bool {
		for i := range n {
			if f(i) != f(0) {
				return false
			}
		}
		return true
	}
	w := cnnlib.Upsample{Linear: u.Linear, AlignCorners: u.AlignCorners}
	switch {
	case u.AlignCorners && same(len(sizes), func(i int) float64 { return float64(sizes[i]) }):
		w.Size = sizes[0]
		return w
	case u.AlignCorners:
		w.Sizes = sizes
		return w
	case !wholeTimes(x, sizes):
		return u
	}
	for i, d := range x.shape[1:] {
		w.Factors = append(w.Factors, float64(sizes[i]/d))
	}
	if same(len(sizes), func(i int) float64 { return w.Factors[i] }) {
		w.Factor, w.Factors = w.Factors[0], nil
	}
	return w
}

// wholeTimes tells whether sizes are whole multiples of those of x.
func wholeTimes(x *value, sizes []int) bool {
	for i, d := range x.shape[1:] {
		if sizes[i]%d != 0 {
			return false
		}
	}
	return true
}

// pad is a Pad of the spatial axes.
func (im *importer) pad(n onnx.Node) error {
	x, in, err := im.told(n)
	if err != nil {
		return err
	}
	pads, err := im.list(n, "pads", 1)
	if err != nil {
		return err
	}
	rank := len(x.shape) + 1
	axes, err := im.list(n, "axes", 3)
	if err != nil {
		return err
	}
	if axes == nil {
		for i := range rank {
			axes = append(axes, i)
		}
	}
	if len(pads) != 2*len(axes) {
		return im.wrong(n, "%d pads for %d axes", len(pads), len(axes))
	}
	sides := make([][2]int, rank)
	for i, a := range axes {
		if a < 0 {
			a += rank
		}
		if a < 0 || a >= rank {
			return im.wrong(n, "there is no axis %d of %d", a, rank)
		}
		sides[a] = [2]int{pads[i], pads[len(axes)+i]}
	}
	if rank < 3 || sides[0] != [2]int{} || sides[1] != [2]int{} {
		return im.wrong(n, "pads are %v: spatial axes are padded, not batch and channels", pads)
	}
	p := cnnlib.Pad{Sides: sides[2:], Value: floatOf(n, "value", 0)}
	if len(in) > 2 && in[2] != nil {
		if in[2].count() != 1 {
			return im.wrong(n, "it pads with %d values, one is needed", in[2].count())
		}
		p.Value = decimal(in[2].float32s()[0])
	}
	switch mode := text(n, "mode", "constant"); mode {
	case "constant":
	case "reflect", "edge":
		p.Value, p.Mode = 0, map[string]cnnlib.PadMode{"reflect": cnnlib.PadReflect, "edge": cnnlib.PadReplicate}[mode]
	default:
		return im.wrong(n, "mode is %.40q; constant, reflect and edge are read", mode)
	}
	if one := p.Sides[0]; one[0] == one[1] && !slices.ContainsFunc(p.Sides, func(s [2]int) bool { return s != one }) {
		p.Size, p.Sides = one[0], nil
	}
	if p.Size == 0 && p.Sides == nil {
		return im.after(n, x, nil).end()
	}
	return im.after(n, x, nil).layer(p).end()
}
