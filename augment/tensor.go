package augment

import (
	"fmt"
)

// ToTensor turns the bytes into 32-bit floats from 0 to 1: each divided by
// 255. The channels stay last.
type ToTensor struct{}

// Normalize subtracts Mean from each channel and divides by Std.
type Normalize struct {
	Mean, Std [3]float64 // red, green, blue; Std above 0
}

// Apply implements Transform; no draw.
func (ToTensor) Apply(s *Sample, r *Rand) error {
	if s.stage != inBytes {
		return ErrTensor
	}
	s.settle()
	s.stage, s.norm = inTensor, Normalize{}
	return nil
}

func (ToTensor) String() string { return "ToTensor()" }

// Apply implements Transform; no draw.
func (t Normalize) Apply(s *Sample, r *Rand) error {
	if err := t.check(); err != nil {
		return err
	}
	switch {
	case s.stage == inBytes:
		return ErrNotTensor
	case s.stage == inTensor && s.norm == Normalize{}:
		s.norm = t // both are one table
		return nil
	}
	s.force()
	for c := range 3 {
		mean, std := float32(t.Mean[c]), float32(t.Std[c])
		for i := c; i < len(s.data); i += 3 {
			s.data[i] = (s.data[i] - mean) / std
		}
	}
	return nil
}

func (t Normalize) check() error {
	for c := range 3 {
		if !(float32(t.Std[c]) > 0 && float32(t.Std[c]) < 1e30 && t.Mean[c] > -1e30 && t.Mean[c] < 1e30) {
			return &ParamError{"Normalize", fmt.Sprintf("Std must be above 0 and all numbers finite, got Mean %v, Std %v", t.Mean, t.Std)}
		}
	}
	return nil
}

func (t Normalize) String() string {
	return "Normalize(" + Span(t.Mean[:]).python() + ", " + Span(t.Std[:]).python() + ")"
}

// floatTable is what ToTensor and Normalize make of each byte of each channel.
type floatTable struct {
	norm  Normalize
	ready bool
	of    [3][256]float32
}

func (t *floatTable) set(n Normalize) {
	if t.ready && t.norm == n {
		return
	}
	t.norm, t.ready = n, true
	for c := range t.of {
		for v := range t.of[c] {
			t.of[c][v] = float32(v) / 255
			if n != (Normalize{}) {
				t.of[c][v] = (t.of[c][v] - float32(n.Mean[c])) / float32(n.Std[c])
			}
		}
	}
}

// Tensor is the picture as floats. It is ErrNotTensor before ToTensor; it is
// good until s is used again.
func (s *Sample) Tensor() (Tensor, error) {
	if s.stage == inBytes {
		return Tensor{}, ErrNotTensor
	}
	s.force()
	return Tensor{s.w, s.h, s.data}, nil
}

// force writes the floats of a tensor that is one in name.
func (s *Sample) force() {
	if s.stage != inTensor {
		return
	}
	s.stage = inFloats
	n := s.w * s.h * 3
	if cap(s.floats) < n {
		s.floats = make([]float32, n)
	}
	s.data = s.floats[:n]
	s.unit.set(s.norm)
	of := &s.unit.of
	if s.table != nil {
		for c := range s.mixed.of {
			for v, w := range s.table {
				s.mixed.of[c][v] = s.unit.of[c][w]
			}
		}
		of = &s.mixed.of
	}
	s.writeFloats(of)
}

// writeFloats is write, through a table to floats.
func (s *Sample) writeFloats(of *[3][256]float32) {
	frame := [3]float32{of[0][s.frame[0]], of[1][s.frame[1]], of[2][s.frame[2]]}
	left := s.cx
	if s.flipX {
		left = s.w - s.cx - s.cw
	}
	var empty []float32 // the first row of frame only, to copy
	for y := range s.h {
		out := s.data[y*s.w*3:][:s.w*3]
		from := y - s.cy
		if s.flipY {
			from = s.h - 1 - y - s.cy
		}
		if from < 0 || from >= s.ch {
			if empty == nil {
				fillFloats(out, frame)
				empty = out
			} else {
				copy(out, empty)
			}
			continue
		}
		fillFloats(out[:left*3], frame)
		in, middle := s.row(from), out[left*3:][:s.cw*3]
		if s.flipX {
			for ; len(in) >= 3 && len(middle) >= 3; in = in[3:] {
				last := middle[len(middle)-3:][:3]
				last[0], last[1], last[2] = of[0][in[0]], of[1][in[1]], of[2][in[2]]
				middle = middle[:len(middle)-3]
			}
		} else {
			for ; len(in) >= 3 && len(middle) >= 3; in, middle = in[3:], middle[3:] {
				middle[0], middle[1], middle[2] = of[0][in[0]], of[1][in[1]], of[2][in[2]]
			}
		}
		fillFloats(out[(left+s.cw)*3:], frame)
	}
}

// fillFloats writes c over and over.
func fillFloats(dst []float32, c [3]float32) {
	for n := copy(dst, c[:]); n < len(dst); n *= 2 {
		copy(dst[n:], dst[:n])
	}
}

// SetOutput makes the next Tensor write its numbers, height·width·3 of them,
// into dst if they fit there.
func (s *Sample) SetOutput(dst []float32) { s.floats = dst[:0:len(dst)] }
