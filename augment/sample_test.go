package augment

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestPutOff: work that is put off (crops, frames, flips, tables, rotations)
// gives the same pixels as the same steps done at once, for random pipelines.
func TestPutOff(t *testing.T) {
	pool := []Transform{
		RandomRotation{Degrees: Span{180}}, RandomRotation{Degrees: Span{90, 90}}, RandomRotation{Degrees: Span{30}, Expand: true, Fill: RGB{1, 2, 3}},
		CenterCrop{Size: 20}, CenterCrop{Height: 9, Width: 40}, RandomCrop{Size: 16, PadIfNeeded: true}, Pad{Padding: Border{3, 1, 0, 7}},
		Pad{Padding: Border{2}, Fill: RGB{250, 100, 3}}, Pad{Padding: Border{5, 2}, Mode: Reflect}, RandomHorizontalFlip{}, RandomVerticalFlip{},
		ColorJitter{Brightness: Span{0.5}, Contrast: Span{0.5}}, ColorJitter{Saturation: Span{0.9}, Hue: Span{0.4}}, RandomGrayscale{P: 0.3},
		Resize{Size: 18}, Resize{Height: 21, Width: 13, Interpolation: Nearest}, RandomResizedCrop{Size: 15},
	}
	images := []Image{picture(t, "waves 37x53 RGB"), picture(t, "noise 5x7 RGB"), picture(t, "noise 32x32 RGB")}
	var lazy Sample
	for n := range 3000 {
		dice := rand.New(rand.NewPCG(1, uint64(n)))
		var p Compose
		for range 1 + dice.IntN(6) {
			p = append(p, pool[dice.IntN(len(pool))])
		}
		m := images[n%len(images)]
		before := slices.Clone(m.Pix)
		if err := lazy.Set(m); err != nil {
			t.Fatal(err)
		}
		if err := p.Apply(&lazy, NewTorchRand(uint64(n))); err != nil {
			t.Fatal(err)
		}
		got, _ := lazy.Image()
		if !bytes.Equal(before, m.Pix) {
			t.Fatalf("%v wrote into the caller's image", p)
		}
		want, r := m, NewTorchRand(uint64(n))
		for _, step := range p {
			var err error
			if want, err = Apply(step, want, r); err != nil {
				t.Fatal(err)
			}
		}
		if got.W != want.W || got.H != want.H || !bytes.Equal(got.Pix, want.Pix) {
			t.Fatalf("put off, %v gives other pixels than step by step", p)
		}
		if x, err := ApplyTensor(append(p[:len(p):len(p)], ToTensor{}), m, NewTorchRand(uint64(n))); err != nil || !bytes.Equal(x.Image(Normalize{}).Pix, want.Pix) {
			t.Fatalf("%v gives other pixels as a tensor: %v", p, err)
		}
	}
}

// TestInside compares with trying every x.
func TestInside(t *testing.T) {
	dice := rand.New(rand.NewPCG(2, 2))
	for range 5000 {
		start, step, limit, n := dice.IntN(400)-200, dice.IntN(41)-20, dice.IntN(200), dice.IntN(30)
		from, to := inside(start, step, limit, n)
		for x := range n {
			v := start + x*step
			if in := v >= 0 && v < limit; in != (x >= from && x < to) {
				t.Fatalf("start %d, step %d, limit %d: x from %d to %d of %d, but at %d it is %d", start, step, limit, from, to, n, x, v)
			}
		}
	}
}

// invert is a transform of a user.
type invert struct{}

func (invert) String() string { return "RandomInvert(p=1)" }

func (invert) Apply(s *Sample, r *Rand) error {
	m, err := s.Pixels()
	for i, v := range m.Pix {
		m.Pix[i] = 255 - v
	}
	return err
}

func TestOwnTransform(t *testing.T) {
	m := picture(t, "noise 5x7 RGB")
	got, err := Apply(Compose{RandomHorizontalFlip{P: 1}, Pad{Padding: Border{1}}, invert{}, RandomHorizontalFlip{P: 1}, CenterCrop{Height: 7, Width: 5}}, m, NewRand(0, 0, 0))
	if err != nil {
		t.Fatal(err)
	}
	for i, v := range m.Pix {
		if got.Pix[i] != 255-v {
			t.Fatalf("byte %d is %d, want %d", i, got.Pix[i], 255-v)
		}
	}
	if _, err := ApplyTensor(Compose{ToTensor{}, invert{}}, m, nil); !errors.Is(err, ErrTensor) {
		t.Error(err)
	}
}
