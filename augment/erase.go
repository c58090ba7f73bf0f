package augment

import "fmt"

// RandomErasing overwrites a rectangle of random size and place with
// probability P (Zhong et al. 2017). It works on tensors.
type RandomErasing struct {
	P     float64 // 0: PyTorch's default, 0.5
	Scale Span    // the rectangle's part of the area; default 0.02 to 0.33
	Ratio Span    // height : width; default 0.3 to 3.3
	Value Span    // one number, or one for each channel; default 0
	Noise bool    // PyTorch's value='random': normal numbers instead of Value
}

var (
	eraseScale = Span{0.02, 0.33}
	eraseRatio = Span{0.3, 3.3}
)

// Apply implements Transform; a draw, two a try, at most ten tries, those of
// the noise, two for the place.
func (t RandomErasing) Apply(s *Sample, r *Rand) error {
	if err := t.check(); err != nil {
		return err
	}
	if s.stage == inBytes {
		return ErrNotTensor
	}
	if !chance(r, t.P, 0.5) {
		return nil
	}
	scale, ratio := spanOr(t.Scale, eraseScale), spanOr(t.Ratio, eraseRatio)
	for range 10 {
		area, aspect := drawArea(r, s.w*s.h, scale, ratio)
		h, w := roundSqrt(area*aspect), roundSqrt(area/aspect)
		if h >= s.h || w >= s.w {
			continue
		}
		s.force()
		if t.Noise { // [channel, row, column], as torch draws them
			if cap(s.noise) < 3*h*w {
				s.noise = make([]float32, 3*s.h*s.w)
			}
			s.noise = s.noise[:3*h*w]
			r.Normal(s.noise)
		}
		top := r.Intn(s.h - h + 1)
		left := r.Intn(s.w - w + 1)
		for y := range h {
			row := s.data[((top+y)*s.w+left)*3:][:w*3]
			for i := range row {
				switch {
				case t.Noise:
					row[i] = s.noise[(i%3*h+y)*w+i/3]
				case len(t.Value) == 3:
					row[i] = float32(t.Value[i%3])
				case len(t.Value) == 1:
					row[i] = float32(t.Value[0])
				default:
					row[i] = 0
				}
			}
		}
		return nil
	}
	return nil
}

func (t RandomErasing) check() error {
	const name = "RandomErasing"
	if err := checkP(name, t.P); err != nil {
		return err
	}
	if n := len(t.Value); n == 2 || n > 3 || n > 0 && t.Noise {
		return &ParamError{name, fmt.Sprintf("Value has 1 or 3 numbers, or Noise is set; got %d numbers, Noise %t", n, t.Noise)}
	}
	return checkParts(name, spanOr(t.Scale, eraseScale), spanOr(t.Ratio, eraseRatio))
}

func (t RandomErasing) String() string {
	text := "RandomErasing(p=" + number(or(t.P, 0.5))
	if len(t.Scale) > 0 {
		text += ", scale=" + t.Scale.python()
	}
	if len(t.Ratio) > 0 {
		text += ", ratio=" + t.Ratio.python()
	}
	if len(t.Value) > 0 {
		text += ", value=" + t.Value.python()
	}
	if t.Noise {
		text += ", value='random'"
	}
	return text + ")"
}

// Cutout overwrites Holes squares of Length pixels with 0: after Normalize, the
// mean colour. A square's centre is anywhere in the picture, so part of it may
// be outside (DeVries, Taylor 2017). It works on tensors. torchvision has none:
// String names the class of the paper's program, and the random numbers are
// not NumPy's.
type Cutout struct {
	Holes  int // 0: 1
	Length int // pixels, must be given
}

// Apply implements Transform; two draws a hole.
func (t Cutout) Apply(s *Sample, r *Rand) error {
	if err := t.check(); err != nil {
		return err
	}
	if s.stage == inBytes {
		return ErrNotTensor
	}
	s.force()
	for range max(t.Holes, 1) {
		y := r.Intn(s.h)
		x := r.Intn(s.w)
		half := t.Length / 2
		left, right := max(0, x-half), min(s.w, x+half)
		for row := max(0, y-half); row < min(s.h, y+half); row++ {
			clear(s.data[(row*s.w+left)*3 : (row*s.w+right)*3])
		}
	}
	return nil
}

func (t Cutout) check() error {
	if t.Holes < 0 || t.Holes > 1<<10 || t.Length < 1 || t.Length > 1<<20 {
		return &ParamError{"Cutout", fmt.Sprintf("Holes must be 0 to %d and Length 1 to %d, got %d and %d", 1<<10, 1<<20, t.Holes, t.Length)}
	}
	return nil
}

func (t Cutout) String() string {
	return fmt.Sprintf("Cutout(n_holes=%d, length=%d)", max(t.Holes, 1), t.Length)
}
