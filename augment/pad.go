package augment

import "fmt"

// PaddingMode says what padding is filled with.
type PaddingMode int

// The padding modes, of a row 1 2 3 padded by 2.
const (
	Constant  PaddingMode = iota // the colour Fill
	Edge                         // 1 1 | 1 2 3 | 3 3
	Reflect                      // 3 2 | 1 2 3 | 2 1
	Symmetric                    // 2 1 | 1 2 3 | 3 2
)

func (m PaddingMode) check(name string) error {
	if m < Constant || m > Symmetric {
		return &ParamError{name, fmt.Sprintf("no such padding mode: %d", m)}
	}
	return nil
}

// index is where pixel i of an axis of n pixels comes from, i beyond them.
func (m PaddingMode) index(i, n int) int {
	period := 2 * n
	switch {
	case m == Edge || n == 1:
		return max(0, min(i, n-1))
	case m == Reflect:
		period = 2*n - 2
	}
	if i = i % period; i < 0 {
		i += period
	}
	if i >= n {
		return period - i - (int(m) - int(Reflect))
	}
	return i
}

// Pad puts pixels around the image.
type Pad struct {
	Padding Border // must be given
	Fill    RGB    // black
	Mode    PaddingMode
}

// Apply implements Transform; no draw.
func (t Pad) Apply(s *Sample, r *Rand) error {
	if err := onBytes(s, t.check()); err != nil {
		return err
	}
	left, top, right, bottom := t.Padding.sides()
	return s.padBy(left, top, right, bottom, t.Fill, t.Mode)
}

func (t Pad) check() error {
	if len(t.Padding) == 0 {
		return &ParamError{"Pad", "needs Padding"}
	}
	if err := t.Mode.check("Pad"); err != nil {
		return err
	}
	return t.Padding.check("Pad")
}

func (t Pad) String() string {
	return "Pad(" + t.Padding.python() + paddingStyle(t.Fill, t.Mode) + ")"
}

func paddingStyle(fill RGB, mode PaddingMode) string {
	style := ""
	if fill != (RGB{}) {
		style = ", fill=" + fill.python()
	}
	if mode != Constant {
		style += ", padding_mode='" + [...]string{"", "edge", "reflect", "symmetric"}[mode] + "'"
	}
	return style
}

// padBy is pad in every mode.
func (s *Sample) padBy(left, top, right, bottom int, fill RGB, mode PaddingMode) error {
	w, h := s.w+left+right, s.h+top+bottom
	if err := fits("Pad", w, h); err != nil {
		return err
	}
	if mode == Constant {
		s.pad(left, top, right, bottom, fill)
		return nil
	}
	if w == s.w && h == s.h {
		return nil
	}
	if !s.plain() {
		s.flatten()
	}
	b, dst := s.other(w * h * 3)
	for y := range h {
		in := s.src[mode.index(y-top, s.h)*s.stride*3:][:s.w*3]
		out := dst[y*w*3:][:w*3]
		copy(out[left*3:], in)
		for x := range left {
			copy(out[x*3:][:3], in[mode.index(x-left, s.w)*3:])
		}
		for x := left + s.w; x < w; x++ {
			copy(out[x*3:][:3], in[mode.index(x-left, s.w)*3:])
		}
	}
	s.see(dst, w, h, b)
	return nil
}
