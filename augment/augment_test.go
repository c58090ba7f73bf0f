package augment

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"convlab/cifar"
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

// TestHueTables compares the integers of turnHue with Pillow's formula for all
// saturations, values and hues.
func TestHueTables(t *testing.T) {
	fillHue()
	for h := range 256 {
		at := float64(h) * 6 / 255
		f := float32(at - float64(int(at)))
		for sat := range 256 {
			fs := float32(float64(sat) / 255)
			part := float64(fs) * (1 - float64(f))
			if int(at)%2 == 1 {
				part = float64(fs * f)
			}
			for v := range 256 {
				mid := uint8(float64(v)*(1-part) + 0.5)
				low := uint8(float64(v)*(1-float64(fs)) + 0.5)
				e := sectors[h]
				chroma := uint32(v) * uint32(sat)
				if toward(uint32(v), chroma, uint32(e.part)) != mid || smallest(uint32(v), chroma) != low {
					t.Fatalf("hue %d, saturation %d, value %d: want %d and %d", h, sat, v, mid, low)
				}
			}
		}
	}
	for v := 1; v < 256; v++ {
		for spread := range v + 1 {
			want := uint32(float64(float32(spread)/float32(v)) * 255)
			if got := uint32(spread) * saturations[v] >> 16; got != want {
				t.Fatalf("saturation of %d in %d is %d, want %d", spread, v, got, want)
			}
		}
	}
}

// TestWholeSteps compares saturation by whole steps with blend, for factors as
// they are drawn and for some that lie badly.
func TestWholeSteps(t *testing.T) {
	r := NewRand(1, 0, 0)
	factors := []float32{0, 0.5, 1.5, 1 - 0x1p-24, 1 + 0x1p-23, 2 - 0x1p-23, 0x1p-20, 1.0 / 3, 100}
	for range 300 {
		factors = append(factors, r.Uniform(0, 2))
	}
	slow := 0
	for _, f := range factors {
		s := Sample{factor: f}
		if !s.wholeSteps() {
			slow++
			continue
		}
		for gray := range 256 {
			for v := range 256 {
				if got, want := clip(int32(gray)+s.steps[255-gray+v]), blend(uint8(gray), uint8(v), f); got != want {
					t.Fatalf("factor %v, grey %d, channel %d: %d, want %d", f, gray, v, got, want)
				}
			}
		}
	}
	if slow > 20 {
		t.Errorf("%d of %d factors have no whole steps", slow, len(factors))
	}
	m := picture(t, "noise 31x17 RGB")
	for _, f := range []float32{0.7, 1.3} { // the two ways over a picture
		var a, b Sample
		a.Set(m)
		b.Set(m)
		a.factor = f
		a.each(saturateSlowly)
		b.saturation(f)
		x, _ := a.Image()
		y, _ := b.Image()
		if !bytes.Equal(x.Pix, y.Pix) {
			t.Errorf("factor %g: the two ways differ", f)
		}
	}
}

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

func TestParamErrors(t *testing.T) {
	for _, bad := range []Transform{
		RandomRotation{}, RandomRotation{Degrees: Span{-3}}, RandomRotation{Degrees: Span{5, 3}}, RandomRotation{Degrees: Span{45}, Interpolation: 9},
		CenterCrop{}, CenterCrop{Size: -1}, CenterCrop{Size: 3, Height: 3}, CenterCrop{Height: 3}, CenterCrop{Size: 1 << 20},
		RandomCrop{Size: 3, Padding: Border{1, 2, 3}}, RandomCrop{Size: 3, Padding: Border{-1}}, RandomCrop{Size: 3, Mode: 7}, RandomCrop{},
		Pad{}, Pad{Padding: Border{1}, Mode: -1}, RandomHorizontalFlip{P: 1.1}, RandomVerticalFlip{P: -0.1}, RandomGrayscale{P: 2},
		ColorJitter{Hue: Span{0.6}}, ColorJitter{Brightness: Span{-1}}, ColorJitter{Contrast: Span{2, 1}}, ColorJitter{Saturation: Span{1, 2, 3}},
		Resize{}, Resize{Size: 3, Width: 2}, Resize{Size: 3, Interpolation: -1}, RandomResizedCrop{}, RandomResizedCrop{Size: 3, Scale: Span{0.5}},
		RandomResizedCrop{Size: 3, Ratio: Span{0, 1}}, Normalize{}, Normalize{Std: [3]float64{1, 0, 1}}, RandomErasing{Scale: Span{0, 2}},
		RandomErasing{Value: Span{1, 2}}, RandomErasing{Value: Span{1}, Noise: true}, Cutout{}, Cutout{Length: 3, Holes: -1}, Compose{nil},
	} {
		var param *ParamError
		var s Sample
		s.Set(NewImage(4, 4))
		if err := Check(bad); !errors.As(err, &param) || param.Reason == "" {
			t.Errorf("%#v: Check gives %v", bad, err)
		}
		if err := bad.Apply(&s, NewRand(0, 0, 0)); !errors.As(err, &param) {
			t.Errorf("%#v: Apply gives %v", bad, err)
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

func TestStrings(t *testing.T) {
	for want, got := range map[string]Transform{
		"RandomErasing(p=0.5, value='random')": RandomErasing{Noise: true}, "RandomErasing(p=0.5, value=0.5)": RandomErasing{Value: Span{0.5}},
		"Cutout(n_holes=1, length=8)": Cutout{Length: 8}, "Compose([\n])": Compose{}, "Compose([\n    Compose([\n        ToTensor(),\n    ]),\n])": Compose{Compose{ToTensor{}}},
	} {
		if got.String() != want {
			t.Errorf("got %s, want %s", got, want)
		}
	}
	if (MixUp{}).String() != "MixUp(alpha=1)" || (CutMix{Alpha: 0.2}).String() != "CutMix(alpha=0.2)" {
		t.Error(MixUp{}, CutMix{Alpha: 0.2})
	}
	if text := LessonTrain().String(); strings.Count(text, "\n") != 9 {
		t.Error(text)
	}
}

func TestCIFAR10(t *testing.T) {
	for c := range 3 {
		if float32(CIFAR10.Mean[c]) != cifar.Mean[c] || float32(CIFAR10.Std[c]) != cifar.Std[c] {
			t.Errorf("CIFAR10 is %v, package cifar has %v and %v", CIFAR10, cifar.Mean, cifar.Std)
		}
	}
}

func TestFromImage(t *testing.T) {
	// Premultiplied colours are divided by alpha again, 16 bits cut to 8.
	rgba := image.NewRGBA(image.Rect(3, 5, 4, 6))
	rgba.SetRGBA(3, 5, color.RGBA{100, 50, 0, 128})
	deep := image.NewRGBA64(image.Rect(0, 0, 1, 1))
	deep.SetRGBA64(0, 0, color.RGBA64{0x12ff, 0xfe34, 0x00ff, 0xffff})
	for want, src := range map[RGB]image.Image{{199, 99, 0}: rgba, {0x12, 0xfe, 0}: deep} {
		m, err := FromImage(src)
		if err != nil || m.At(0, 0) != want {
			t.Errorf("%T: %v, %v, want %v", src, m.Pix, err, want)
		}
	}
	m := picture(t, "noise 5x7 RGB")
	back, err := FromImage(m.Std())
	if err != nil || !bytes.Equal(back.Pix, m.Pix) {
		t.Error("Std and FromImage do not undo each other")
	}
}
