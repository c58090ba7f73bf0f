package augment

import (
	"fmt"
	"math"
)

// RandomResizedCrop cuts out a part of random area and proportions and resizes
// it to Height by Width.
type RandomResizedCrop struct {
	Size          int           // of a square, or
	Height, Width int           // pixels
	Scale         Span          // of the image's area; default 0.08 to 1
	Ratio         Span          // width : height; default 3/4 to 4/3
	Interpolation Interpolation // Default: Bilinear
}

func (t RandomResizedCrop) dims() dims { return dims{t.Size, t.Height, t.Width} }

// Apply implements Transform; two draws a try, at most ten tries, then two for
// the place. The proportions go through a 32-bit exponential, which torch may
// round differently in the last bit: once in some 100,000 images the part is
// a pixel larger or smaller than torchvision's.
func (t RandomResizedCrop) Apply(s *Sample, r *Rand) error {
	if err := onBytes(s, t.check()); err != nil {
		return err
	}
	h, w := t.dims().hw()
	x, y, cw, ch := pickPart(r, s.w, s.h, t.scale(), t.ratio())
	s.crop(x, y, cw, ch)
	s.resize(w, h, t.Interpolation.or(Bilinear))
	return nil
}

var (
	defaultScale = Span{0.08, 1}
	defaultRatio = Span{3.0 / 4, 4.0 / 3}
)

func (t RandomResizedCrop) scale() Span { return spanOr(t.Scale, defaultScale) }
func (t RandomResizedCrop) ratio() Span { return spanOr(t.Ratio, defaultRatio) }

func spanOr(v, byDefault Span) Span {
	if len(v) == 0 {
		return byDefault
	}
	return v
}

// pickPart draws the part of an image of w by h pixels.
func pickPart(r *Rand, w, h int, scale, ratio Span) (x, y, cw, ch int) {
	for range 10 {
		area, aspect := drawArea(r, w*h, scale, ratio)
		cw, ch = roundSqrt(area*aspect), roundSqrt(area/aspect)
		if cw > 0 && cw <= w && ch > 0 && ch <= h {
			y = r.Intn(h - ch + 1)
			return r.Intn(w - cw + 1), y, cw, ch
		}
	}
	cw, ch = w, h
	if in := float64(w) / float64(h); in < ratio[0] {
		ch = int(math.RoundToEven(float64(w) / ratio[0]))
	} else if in > ratio[1] {
		cw = int(math.RoundToEven(float64(h) * ratio[1]))
	}
	return (w - cw) / 2, (h - ch) / 2, cw, ch
}

func roundSqrt(v float64) int { return int(math.RoundToEven(math.Sqrt(v))) }

// drawArea draws pixels and proportions; the latter evenly by logarithm.
func drawArea(r *Rand, pixels int, scale, ratio Span) (area, aspect float64) {
	area = float64(pixels) * float64(r.Uniform(scale[0], scale[1]))
	log := func(v float64) float64 { return float64(float32(math.Log(float64(float32(v))))) }
	return area, float64(float32(math.Exp(float64(r.Uniform(log(ratio[0]), log(ratio[1]))))))
}

func (t RandomResizedCrop) check() error {
	const name = "RandomResizedCrop"
	if err := t.dims().check(name); err != nil {
		return err
	}
	if err := checkParts(name, t.scale(), t.ratio()); err != nil {
		return err
	}
	return t.Interpolation.check(name)
}

func checkParts(name string, scale, ratio Span) error {
	if len(scale) != 2 || !scale.rising(0, 1) {
		return &ParamError{name, fmt.Sprintf("Scale is a rising range in 0 to 1, got %v", []float64(scale))}
	}
	if len(ratio) != 2 || !ratio.rising(1e-6, 1e6) {
		return &ParamError{name, fmt.Sprintf("Ratio is a rising range above 0, got %v", []float64(ratio))}
	}
	return nil
}

func (t RandomResizedCrop) String() string {
	parts := ""
	if len(t.Scale) > 0 {
		parts += ", scale=" + t.Scale.python()
	}
	if len(t.Ratio) > 0 {
		parts += ", ratio=" + t.Ratio.python()
	}
	return "RandomResizedCrop(" + t.dims().python() + parts + t.Interpolation.python(Bilinear) + ")"
}
