package augment

import (
	"fmt"
	"strings"
)

// ColorJitter changes brightness, contrast, saturation and hue, in random
// order, each by a factor that is drawn. One value {v} stands for the range
// max(0, 1−v) to 1+v, for the hue −v to v; {from, to} is a range; none leaves
// it alone. Hue is a part of the circle of colours, −0.5 to 0.5.
type ColorJitter struct {
	Brightness, Contrast, Saturation, Hue Span
}

// Apply implements Transform; three draws for the order, then one for each
// that is given.
func (t ColorJitter) Apply(s *Sample, r *Rand) error {
	if err := onBytes(s, t.check()); err != nil {
		return err
	}
	order := [4]int{}
	r.Perm(order[:])
	factors, on := [4]float32{}, [4]bool{}
	for i, v := range t.spans() {
		var from, to float64
		if from, to, on[i] = jitterRange(v, i == 3); on[i] {
			factors[i] = r.Uniform(from, to)
		}
	}
	for _, i := range order {
		if !on[i] {
			continue
		}
		switch f := factors[i]; i {
		case 0:
			s.brightness(f)
		case 1:
			s.contrast(f)
		case 2:
			s.saturation(f)
		case 3:
			s.hue(float64(f))
		}
	}
	return nil
}

func (t ColorJitter) spans() [4]Span {
	return [4]Span{t.Brightness, t.Contrast, t.Saturation, t.Hue}
}

// jitterRange is the range to draw from, and whether there is one: as in
// PyTorch, a range that is only the factor of no change draws nothing.
func jitterRange(v Span, hue bool) (from, to float64, on bool) {
	same := 1.0
	if hue {
		same = 0
	}
	switch len(v) {
	case 1:
		from, to = same-v[0], same+v[0]
		if !hue {
			from = max(0, from)
		}
	case 2:
		from, to = v[0], v[1]
	default:
		return 0, 0, false
	}
	return from, to, from != same || to != same
}

func (t ColorJitter) check() error {
	for i, v := range t.spans() {
		name := [...]string{"Brightness", "Contrast", "Saturation", "Hue"}[i]
		low, high := 0.0, 1e6
		if i == 3 {
			low, high = -0.5, 0.5
		}
		if len(v) > 2 || !v.rising(low, high) || len(v) == 1 && v[0] < 0 {
			return &ParamError{"ColorJitter", fmt.Sprintf("%s is a number from 0 to %g or a rising range in %g to %g, got %v", name, high, low, high, []float64(v))}
		}
	}
	return nil
}

func (t ColorJitter) String() string {
	var parts []string
	for i, v := range t.spans() {
		if len(v) > 0 {
			parts = append(parts, [...]string{"brightness=", "contrast=", "saturation=", "hue="}[i]+v.python())
		}
	}
	return "ColorJitter(" + strings.Join(parts, ", ") + ")"
}

// blend is Pillow's Image.blend of two bytes: from a (factor 0) to b (factor
// 1) and beyond. The conversion keeps processors from fusing product and sum.
func blend(a, b uint8, factor float32) uint8 {
	v := float32(a) + float32(factor*float32(int(b)-int(a)))
	return uint8(max(0, min(255, v)))
}

func (s *Sample) brightness(f float32) {
	if f != 1 {
		s.mapBytes(func(v uint8) uint8 { return blend(0, v, f) })
	}
}

// contrast blends with the mean grey of the whole picture.
func (s *Sample) contrast(f float32) {
	if f != 1 {
		mean := s.meanGray()
		s.mapBytes(func(v uint8) uint8 { return blend(mean, v, f) })
	}
}

// luma is Pillow's L of a colour, ITU-R 601-2 in 16-bit fixed point.
func luma(r, g, b uint8) uint8 {
	return uint8((uint32(r)*19595 + uint32(g)*38470 + uint32(b)*7471 + 0x8000) >> 16)
}

// lumas are the terms of luma's sum for each value of each channel.
type lumas [3][256]uint32

// lumas are those of colours read through lut. Three look-ups are faster than
// three products.
func (s *Sample) lumas(lut *[256]uint8) *lumas {
	t := &s.luma
	for i, v := range lut {
		t[0][i], t[1][i], t[2][i] = uint32(v)*19595, uint32(v)*38470, uint32(v)*7471+0x8000
	}
	return t
}

// meanGray is the mean luma, rounded.
func (s *Sample) meanGray() uint8 {
	s.settle()
	lut := s.lut()
	t := s.lumas(lut)
	sum := (s.w*s.h - s.cw*s.ch) * int(luma(lut[s.frame[0]], lut[s.frame[1]], lut[s.frame[2]]))
	for y := range s.ch {
		for in := s.row(y); len(in) >= 3; in = in[3:] {
			sum += int((t[0][in[0]] + t[1][in[1]] + t[2][in[2]]) >> 16)
		}
	}
	return uint8(float64(sum)/float64(s.w*s.h) + 0.5)
}

// saturation blends each pixel with its own grey.
func (s *Sample) saturation(f float32) {
	if f == 1 {
		return
	}
	s.factor = f
	if !s.wholeSteps() {
		s.each(saturateSlowly)
		return
	}
	s.lumas(s.lut())
	s.each(saturate)
}

// saturateSlowly is blend(grey, channel) as it is defined.
func saturateSlowly(s *Sample, dst, src []uint8, lut *[256]uint8) {
	for ; len(src) >= 3 && len(dst) >= 3; src, dst = src[3:], dst[3:] {
		r, g, b := lut[src[0]], lut[src[1]], lut[src[2]]
		gray := luma(r, g, b)
		dst[0], dst[1], dst[2] = blend(gray, r, s.factor), blend(gray, g, s.factor), blend(gray, b, s.factor)
	}
}

// wholeSteps sets steps to factor·difference rounded down, which added to the
// grey is what blend gives, unless such a product lies so close below a whole
// number that blend's sum rounds up to it: then it reports false. (Sums below
// 256 are off by 2⁻¹⁷ at most.)
func (s *Sample) wholeSteps() bool {
	for i := range 511 {
		step := float32(s.factor * float32(i-255))
		whole := int32(step)
		if float32(whole) > step {
			whole--
		}
		if step-float32(whole) > 1-1.0/(1<<16) {
			return false
		}
		s.steps[i] = whole
	}
	return true
}

func saturate(s *Sample, dst, src []uint8, lut *[256]uint8) {
	t, steps := &s.luma, &s.steps
	n := min(len(src), len(dst))
	src, dst = src[:n], dst[:n]
	for i := 0; i+2 < n; i += 3 {
		in, out := src[i:i+3:i+3], dst[i:i+3:i+3]
		gray := (t[0][in[0]] + t[1][in[1]] + t[2][in[2]]) >> 16
		r, g, b := uint32(lut[in[0]]), uint32(lut[in[1]]), uint32(lut[in[2]])
		zero := 255 - gray // where steps has the difference 0
		out[0] = clip(int32(gray) + steps[(zero+r)&511])
		out[1] = clip(int32(gray) + steps[(zero+g)&511])
		out[2] = clip(int32(gray) + steps[(zero+b)&511])
	}
}

func clip(v int32) uint8 {
	if uint32(v) > 255 {
		return uint8(^(v >> 31)) // 0 if v is negative, else 255
	}
	return uint8(v)
}

// RandomGrayscale removes the colour with probability P.
type RandomGrayscale struct{ P float64 } // 0: PyTorch's default, 0.1

// Apply implements Transform; one draw.
func (t RandomGrayscale) Apply(s *Sample, r *Rand) error {
	if err := onBytes(s, t.check()); err != nil {
		return err
	}
	if chance(r, t.P, 0.1) {
		s.lumas(s.lut())
		s.each(gray)
	}
	return nil
}

func gray(s *Sample, dst, src []uint8, _ *[256]uint8) {
	t := &s.luma
	for ; len(src) >= 3 && len(dst) >= 3; src, dst = src[3:], dst[3:] {
		v := uint8((t[0][src[0]] + t[1][src[1]] + t[2][src[2]]) >> 16)
		dst[0], dst[1], dst[2] = v, v, v
	}
}

func (t RandomGrayscale) check() error { return checkP("RandomGrayscale", t.P) }

func (t RandomGrayscale) String() string {
	return "RandomGrayscale(p=" + number(or(t.P, 0.1)) + ")"
}
