package augment

import (
	"fmt"
	"math"
)

// CenterCrop cuts Height by Width pixels out of the middle. A smaller image
// gets a black frame first: one of 32 pixels and Size 224 becomes 2 % picture
// and 98 % black.
type CenterCrop struct {
	Size          int // of a square, or
	Height, Width int // pixels
}

// Apply implements Transform; no draw.
func (t CenterCrop) Apply(s *Sample, r *Rand) error {
	if err := onBytes(s, t.check()); err != nil {
		return err
	}
	h, w := t.dims().hw()
	moreW, moreH := max(0, w-s.w), max(0, h-s.h)
	if err := fits("CenterCrop", s.w+moreW, s.h+moreH); err != nil {
		return err
	}
	s.pad(moreW/2, moreH/2, (moreW+1)/2, (moreH+1)/2, RGB{})
	s.crop(halfEven(s.w-w), halfEven(s.h-h), w, h)
	return nil
}

// halfEven is n/2 to the nearest even number, as Python rounds.
func halfEven(n int) int { return int(math.RoundToEven(float64(n) / 2)) }

func (t CenterCrop) dims() dims     { return dims{t.Size, t.Height, t.Width} }
func (t CenterCrop) check() error   { return t.dims().check("CenterCrop") }
func (t CenterCrop) String() string { return "CenterCrop(" + t.dims().python() + ")" }

// RandomCrop cuts Height by Width pixels out at a random place, of the image
// with Padding around it.
type RandomCrop struct {
	Size          int // of a square, or
	Height, Width int // pixels
	Padding       Border
	PadIfNeeded   bool // also pad both sides of an axis by what it lacks
	Fill          RGB  // the padding's colour; black
	Mode          PaddingMode
}

// Apply implements Transform; two draws, none where nothing is left to choose.
// An image that is too small is a *SizeError.
func (t RandomCrop) Apply(s *Sample, r *Rand) error {
	if err := onBytes(s, t.check()); err != nil {
		return err
	}
	left, top, right, bottom := t.Padding.sides()
	if err := s.padBy(left, top, right, bottom, t.Fill, t.Mode); err != nil {
		return err
	}
	h, w := t.dims().hw()
	if t.PadIfNeeded && s.w < w {
		if err := s.padBy(w-s.w, 0, w-s.w, 0, t.Fill, t.Mode); err != nil {
			return err
		}
	}
	if t.PadIfNeeded && s.h < h {
		if err := s.padBy(0, h-s.h, 0, h-s.h, t.Fill, t.Mode); err != nil {
			return err
		}
	}
	if s.w < w || s.h < h {
		return &SizeError{"RandomCrop", s.w, s.h, w, h}
	}
	if s.w == w && s.h == h {
		return nil
	}
	y := r.Intn(s.h - h + 1)
	s.crop(r.Intn(s.w-w+1), y, w, h)
	return nil
}

func (t RandomCrop) dims() dims { return dims{t.Size, t.Height, t.Width} }

func (t RandomCrop) check() error {
	if err := t.dims().check("RandomCrop"); err != nil {
		return err
	}
	if err := t.Mode.check("RandomCrop"); err != nil {
		return err
	}
	return t.Padding.check("RandomCrop")
}

func (t RandomCrop) String() string {
	padding, need := "", ""
	if len(t.Padding) > 0 {
		padding = ", padding=" + t.Padding.python()
	}
	if t.PadIfNeeded {
		need = ", pad_if_needed=True"
	}
	return fmt.Sprintf("RandomCrop(%s%s%s%s)", t.dims().python(), padding, need, paddingStyle(t.Fill, t.Mode))
}
