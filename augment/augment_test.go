package augment

import (
	"errors"
	"image"
	"testing"
)

func TestAllocations(t *testing.T) {
	for name, p := range map[string]Compose{
		"lesson": LessonTrain(), "valid": LessonValid(), "32": Train32(),
		"all": {RandomRotation{Degrees: Span{30}, Expand: true}, RandomResizedCrop{Size: 40}, RandomCrop{Size: 44, Padding: Border{3}, Mode: Reflect},
			ColorJitter{Saturation: Span{0.3}}, ToTensor{}, RandomErasing{P: 1}, RandomErasing{P: 1, Noise: true}, Cutout{Length: 5}},
	} {
		m := picture(t, "waves 101x67 RGB")
		var s Sample
		r := NewTorchRand(0)
		i := 0
		once := func() {
			r.Reset(1, 2, i%16)
			i++
			s.Set(m)
			if err := p.Apply(&s, r); err != nil {
				t.Fatal(err)
			}
			s.Tensor()
		}
		for range 64 {
			once()
		}
		if n := testing.AllocsPerRun(32, once); n > 0 {
			t.Errorf("%s: %g allocations an image", name, n)
		}
	}
}

func TestOrderErrors(t *testing.T) {
	m := NewImage(8, 8)
	for want, p := range map[error]Compose{ErrTensor: {ToTensor{}, RandomVerticalFlip{}}, ErrNotTensor: {CenterCrop{Size: 4}, ImageNet}} {
		_, err := ApplyTensor(p, m, NewRand(0, 0, 0))
		var step *StepError
		if !errors.Is(err, want) || !errors.As(err, &step) || step.Step != 1 {
			t.Errorf("%v: %v", p, err)
		}
	}
	_, err := Apply(RandomCrop{Size: 9}, m, NewRand(0, 0, 0))
	var size *SizeError
	if !errors.As(err, &size) || size.GotW != 8 || size.NeedH != 9 {
		t.Errorf("crop of 9 from 8: %v", err)
	}
	if _, err := Apply(Compose{}, Image{3, 3, make([]uint8, 5)}, nil); err == nil {
		t.Error("5 bytes for 3x3 pixels: no error")
	}
	if _, err := FromImage(image.NewGray(image.Rect(0, 0, 0, 5))); err == nil {
		t.Error("an image without a pixel: no error")
	}
}
