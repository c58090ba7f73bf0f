package augment

import "fmt"

// RandomHorizontalFlip mirrors left and right with probability P.
type RandomHorizontalFlip struct{ P float64 } // 0: PyTorch's default, 0.5

// RandomVerticalFlip mirrors top and bottom with probability P.
type RandomVerticalFlip struct{ P float64 } // 0: PyTorch's default, 0.5

// Apply implements Transform; one draw.
func (t RandomHorizontalFlip) Apply(s *Sample, r *Rand) error {
	if err := onBytes(s, t.check()); err != nil {
		return err
	}
	if chance(r, t.P, 0.5) {
		s.flipX = !s.flipX
	}
	return nil
}

// Apply implements Transform; one draw.
func (t RandomVerticalFlip) Apply(s *Sample, r *Rand) error {
	if err := onBytes(s, t.check()); err != nil {
		return err
	}
	if chance(r, t.P, 0.5) {
		s.flipY = !s.flipY
	}
	return nil
}

func (t RandomHorizontalFlip) check() error { return checkP("RandomHorizontalFlip", t.P) }
func (t RandomVerticalFlip) check() error   { return checkP("RandomVerticalFlip", t.P) }

func (t RandomHorizontalFlip) String() string {
	return fmt.Sprintf("RandomHorizontalFlip(p=%s)", number(or(t.P, 0.5)))
}

func (t RandomVerticalFlip) String() string {
	return fmt.Sprintf("RandomVerticalFlip(p=%s)", number(or(t.P, 0.5)))
}

// chance draws whether something of probability p (0: its default) happens.
func chance(r *Rand, p, byDefault float64) bool {
	return r.Float() < float32(or(p, byDefault))
}

func checkP(name string, p float64) error {
	if !(p >= 0 && p <= 1) {
		return &ParamError{name, fmt.Sprintf("P must be from 0 to 1, got %g", p)}
	}
	return nil
}

// onBytes is err, or ErrTensor if s is an 8-bit image no more.
func onBytes(s *Sample, err error) error {
	if err == nil && s.stage != inBytes {
		return ErrTensor
	}
	return err
}
