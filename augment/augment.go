// Package augment changes images at random the way torchvision does, so that a
// network sees each picture a little differently every epoch (lesson 3.7).
//
// A transform is a small value; a Compose is a list of them, written and
// printed like PyTorch's:
//
//	train := augment.Compose{
//		augment.RandomCrop{Size: 32, Padding: augment.Border{4}},
//		augment.RandomHorizontalFlip{},
//		augment.ToTensor{},
//	}
//	out, err := augment.Apply(train[:2], img, augment.NewRand(seed, epoch, index))
//
// The zero value of a field is PyTorch's default. Pixels are equal, byte for
// byte, to those of torchvision 0.29.2 on images of Pillow 13.0.0, and with
// NewTorchRand the random choices are those of torch.manual_seed too; what
// is not equal is said where it is not. Nothing here needs GoMLX.
package augment

import (
	"errors"
	"fmt"
	"strings"
)

// Transform is one step of a pipeline. A transform is a value that never
// changes, so goroutines can share it; String gives the constructor of
// PyTorch that does the same.
type Transform interface {
	fmt.Stringer
	// Apply changes s. Whatever is random about it comes from r.
	Apply(s *Sample, r *Rand) error
}

// Compose is a list of transforms that run one after the other.
type Compose []Transform

// ParamError says that a field of a transform has a value that it cannot
// have.
type ParamError struct {
	Transform string // as in Go: "CenterCrop"
	Reason    string
}

func (e *ParamError) Error() string { return "augment: " + e.Transform + ": " + e.Reason }

// SizeError says that an image is too small for what it is asked for.
type SizeError struct {
	Transform  string
	GotW, GotH int // pixels
	NeedW      int
	NeedH      int
}

func (e *SizeError) Error() string {
	return fmt.Sprintf("augment: %s: image of %dx%d (width x height) is smaller than the %dx%d it needs", e.Transform, e.GotW, e.GotH, e.NeedW, e.NeedH)
}

// ErrTensor is returned by transforms of 8-bit images that come after
// ToTensor; ErrNotTensor by those of tensors that come before it.
var (
	ErrTensor    = errors.New("augment: works on 8-bit images: put it before ToTensor")
	ErrNotTensor = errors.New("augment: works on tensors: put it after ToTensor")
)

// StepError says which transform of a Compose failed.
type StepError struct {
	Step      int // from 0
	Transform Transform
	Err       error
}

func (e *StepError) Error() string {
	return fmt.Sprintf("augment: step %d, %s: %s", e.Step+1, oneLine(e.Transform), strings.TrimPrefix(e.Err.Error(), "augment: "))
}

func (e *StepError) Unwrap() error { return e.Err }

// Apply runs the transforms in order. The error is a *StepError.
func (c Compose) Apply(s *Sample, r *Rand) error {
	for i, t := range c {
		if t == nil {
			return &ParamError{"Compose", fmt.Sprintf("step %d is nil", i+1)}
		}
		if err := t.Apply(s, r); err != nil {
			return &StepError{i, t, err}
		}
	}
	return nil
}

// checker is a transform that knows, without an image, whether its fields can
// be.
type checker interface{ check() error }

// Check returns what is wrong with the fields of a transform, or of any step
// of a Compose, before there is an image.
func Check(t Transform) error {
	c, ok := t.(Compose)
	if !ok {
		if t, ok := t.(checker); ok {
			return t.check()
		}
		return nil
	}
	for i, t := range c {
		if t == nil {
			return &ParamError{"Compose", fmt.Sprintf("step %d is nil", i+1)}
		}
		if err := Check(t); err != nil {
			return &StepError{i, t, err}
		}
	}
	return nil
}

// String is the list as Python writes it, a line a transform.
func (c Compose) String() string {
	var b strings.Builder
	b.WriteString("Compose([\n")
	for _, t := range c {
		text := "None"
		if t != nil {
			text = t.String()
		}
		b.WriteString("    " + strings.ReplaceAll(text, "\n", "\n    ") + ",\n")
	}
	b.WriteString("])")
	return b.String()
}

func oneLine(t Transform) string {
	return strings.Join(strings.Fields(t.String()), " ")
}

// Apply returns what t makes of img, in memory of its own; t must not contain
// ToTensor. To do this for many images, keep a Sample instead.
func Apply(t Transform, img Image, r *Rand) (Image, error) {
	var s Sample
	if err := s.Set(img); err != nil {
		return Image{}, err
	}
	if err := t.Apply(&s, r); err != nil {
		return Image{}, err
	}
	return s.Image()
}

// ApplyTensor returns what t makes of img, in memory of its own; t must
// contain ToTensor.
func ApplyTensor(t Transform, img Image, r *Rand) (Tensor, error) {
	var s Sample
	if err := s.Set(img); err != nil {
		return Tensor{}, err
	}
	if err := t.Apply(&s, r); err != nil {
		return Tensor{}, err
	}
	return s.Tensor()
}
