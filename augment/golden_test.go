package augment

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"math"
	"os"
	"testing"
)

// golden is testdata/golden.json, made by testdata/golden.py.
type golden struct {
	Versions map[string]string
	Mixes    []struct {
		Kind   string
		Lam    float64
		Box    [4]int
		SHA256 string
	}
	Draws []struct {
		Seed          uint64
		Rand, Uniform float32
		Randint       []int
		Randperm      []int
		Normal, Few   []float32
		After         float32
	}
	Groups []struct {
		Steps []string
		Cases []goldenCase
	}
}

type goldenCase struct {
	Image       string
	Seed        uint64
	H, W        int
	SHA256, Hex string
}

// scramble is golden.py's.
func scramble(i, salt uint64) uint64 {
	v := (i*2654435761 + salt*40503) & 0xffffffff
	return ((v ^ v>>15) * 2246822519) & 0xffffffff
}

// picture is the image of golden.py with that name.
func picture(t testing.TB, name string) Image {
	var kind, mode string
	var w, h int
	if _, err := fmt.Sscanf(name, "%s %dx%d %s", &kind, &w, &h, &mode); err != nil {
		t.Fatal(err)
	}
	bands := map[string]int{"RGB": 3, "L": 1, "RGBA": 4, "LA": 2}[mode]
	data := make([]uint8, w*h*bands)
	for i := range data {
		x, y, c := i/bands%w, i/bands/w, i%bands
		switch kind {
		case "noise":
			data[i] = uint8(scramble(uint64(i), uint64(w*7+h)) >> 24)
		case "waves":
			data[i] = uint8(x*(c+2) + y*(3-c%3) + (x*y/(17+c))%64)
		case "colours":
			data[i] = uint8(i / 3 >> (8 * c))
		}
	}
	var std image.Image
	switch mode {
	case "RGB":
		return Image{w, h, data}
	case "L":
		std = &image.Gray{Pix: data, Stride: w, Rect: image.Rect(0, 0, w, h)}
	case "RGBA":
		std = &image.NRGBA{Pix: data, Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
	case "LA": // as Go's PNG decoder gives it
		n := image.NewNRGBA(image.Rect(0, 0, w, h))
		for i := range w * h {
			v := data[2*i]
			copy(n.Pix[4*i:], []uint8{v, v, v, data[2*i+1]})
		}
		std = n
	}
	m, err := FromImage(std)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// fixed is a range of one value.
func fixed(v float64) Span { return Span{v, v} }

// goldenSteps are the transforms in golden.json; their String finds them.
func goldenSteps() []Transform {
	var all []Transform
	add := func(t ...Transform) { all = append(all, t...) }
	for _, a := range []float64{0, 30, 45, -17.25, 90, 180, 270, 359.5, 1e-14, 0.001, 135, -90, 400, -45} {
		add(RandomRotation{Degrees: fixed(a)})
	}
	for _, a := range []float64{30, -100.5} {
		add(RandomRotation{Degrees: fixed(a), Interpolation: Bilinear})
	}
	for _, a := range []float64{30, 45} {
		add(RandomRotation{Degrees: fixed(a), Interpolation: Bicubic})
	}
	for _, a := range []float64{30, 90, 45, -135} {
		add(RandomRotation{Degrees: fixed(a), Expand: true})
	}
	add(RandomRotation{Degrees: fixed(20), Interpolation: Bilinear, Expand: true, Fill: RGB{9, 200, 77}},
		RandomRotation{Degrees: fixed(33), Fill: RGB{255, 1, 128}}, RandomRotation{Degrees: Span{45}},
		RandomRotation{Degrees: Span{-90, 60}, Expand: true},
		CenterCrop{Size: 1}, CenterCrop{Size: 8}, CenterCrop{Size: 224}, CenterCrop{Size: 32}, CenterCrop{Height: 33, Width: 64}, CenterCrop{Height: 10, Width: 3},
		Pad{Padding: Border{3}}, Pad{Padding: Border{1, 2}, Fill: RGB{7, 8, 9}}, Pad{Padding: Border{4, 0, 1, 2}}, Pad{Padding: Border{2, 5}, Fill: RGB{200, 10, 30}})
	for _, m := range []PaddingMode{Edge, Reflect, Symmetric} {
		for _, p := range []Border{{1}, {3, 0, 9, 5}, {12}} {
			add(Pad{Padding: p, Mode: m})
		}
		add(RandomCrop{Height: 20, Width: 30, Padding: Border{4, 7}, Mode: m})
	}
	add(RandomCrop{Size: 4}, RandomCrop{Height: 9, Width: 30}, RandomCrop{Size: 32, Padding: Border{4}},
		RandomCrop{Size: 40, Padding: Border{1, 2, 3, 4}, PadIfNeeded: true, Fill: RGB{9, 8, 7}},
		RandomCrop{Size: 40, Padding: Border{8}, PadIfNeeded: true},
		RandomHorizontalFlip{P: 1}, RandomVerticalFlip{P: 1}, RandomGrayscale{P: 1},
		RandomHorizontalFlip{}, RandomVerticalFlip{}, RandomGrayscale{}, RandomGrayscale{P: 0.025})
	for _, f := range []float64{0, 0.3, 1, 1.2, 3} {
		add(ColorJitter{Brightness: fixed(f)})
	}
	for _, f := range []float64{0, 0.9, 1.1, 2.5} {
		add(ColorJitter{Contrast: fixed(f)})
	}
	for _, f := range []float64{0, 0.7, 0.9, 1.1, 4} {
		add(ColorJitter{Saturation: fixed(f)})
	}
	for _, f := range []float64{-0.5, -0.1, 0.003, 0.1, 0.25, 0.5} {
		add(ColorJitter{Hue: fixed(f)})
	}
	add(ColorJitter{Brightness: Span{0.4}, Contrast: Span{0.5, 1.5}, Saturation: Span{0.8}, Hue: Span{0.5}},
		ColorJitter{Contrast: Span{0.3}, Hue: Span{0.1, 0.2}},
		ColorJitter{Brightness: Span{0.2}, Contrast: Span{0.1}, Saturation: Span{0.1}, Hue: Span{0.1}})
	for _, n := range []int{1, 2, 10, 32, 64, 256} {
		add(Resize{Size: n})
	}
	add(Resize{Height: 20, Width: 33}, Resize{Height: 7, Width: 9}, Resize{Size: 17, Interpolation: Bicubic},
		Resize{Height: 50, Width: 21, Interpolation: Bicubic}, Resize{Height: 9, Width: 100, Interpolation: Nearest}, Resize{Size: 40, Interpolation: Nearest},
		RandomResizedCrop{Size: 24}, RandomResizedCrop{Size: 30},
		RandomResizedCrop{Height: 12, Width: 40, Scale: Span{0.5, 1}, Ratio: Span{0.2, 0.3}, Interpolation: Bicubic},
		ToTensor{}, ImageNet, CIFAR10, RandomErasing{P: 0.7, Value: Span{0.1, -2, 3}},
		RandomErasing{Scale: Span{0.1, 0.2}, Ratio: Span{0.5, 2}})
	return all
}

func readGolden(t testing.TB) (g golden) {
	raw, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &g); err != nil {
		t.Fatal(err)
	}
	return g
}

// TestGolden compares with torchvision, byte for byte.
func TestGolden(t *testing.T) {
	g := readGolden(t)
	steps := map[string]Transform{}
	for _, s := range goldenSteps() {
		steps[s.String()] = s
	}
	images := map[string]Image{}
	var s Sample
	cases := 0
	for _, group := range g.Groups {
		var pipeline Compose
		for _, name := range group.Steps {
			if steps[name] == nil {
				t.Fatalf("no transform prints itself as %s", name)
			}
			pipeline = append(pipeline, steps[name])
		}
		if err := Check(pipeline); err != nil {
			t.Error(err)
		}
		failed := 0
		for _, c := range group.Cases {
			cases++
			if _, ok := images[c.Image]; !ok {
				images[c.Image] = picture(t, c.Image)
			}
			w, h, got, err := run(&s, pipeline, images[c.Image], NewTorchRand(c.Seed))
			if err != nil {
				t.Fatalf("%s of %s, seed %d: %v", pipeline, c.Image, c.Seed, err)
			}
			sum := sha256.Sum256(got)
			if w != c.W || h != c.H || c.SHA256 != "" && hex.EncodeToString(sum[:]) != c.SHA256 || c.SHA256 == "" && hex.EncodeToString(got) != c.Hex {
				if failed++; failed <= 3 {
					t.Errorf("%s of %s, seed %d: %dx%d, want %dx%d with other bytes\ngot  %.96x\nwant %s", pipeline, c.Image, c.Seed, w, h, c.W, c.H, got, c.Hex)
				}
			}
		}
		if failed > 0 {
			t.Errorf("%d of %d failed: %s", failed, len(group.Cases), pipeline)
		}
	}
	t.Logf("%d results equal those of %v", cases, g.Versions)
}

// run gives the bytes of an image, or of a tensor's floats (little endian).
func run(s *Sample, t Transform, m Image, r *Rand) (w, h int, raw []byte, err error) {
	if err := s.Set(m); err != nil {
		return 0, 0, nil, err
	}
	if err := t.Apply(s, r); err != nil {
		return 0, 0, nil, err
	}
	if s.stage == inBytes {
		m, err := s.Image()
		return m.W, m.H, m.Pix, err
	}
	x, err := s.Tensor()
	return x.W, x.H, floatBytes(x.Data, 0, len(x.Data)), err
}

// floatBytes are the bytes, little endian, of row i of size floats.
func floatBytes(x []float32, i, size int) (raw []byte) {
	if x == nil {
		return nil
	}
	for _, v := range x[i*size : (i+1)*size] {
		raw = binary.LittleEndian.AppendUint32(raw, math.Float32bits(v))
	}
	return raw
}
