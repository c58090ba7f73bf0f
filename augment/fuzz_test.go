package augment

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/png"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
)

// FuzzDecode: no file makes a decoder panic or allocate more than its pixels
// and size allow, and each gives a picture of the right shape or an error that
// says what is wrong. The seeds are all files of testdata/decode.json.
func FuzzDecode(f *testing.F) {
	for _, file := range decodeFiles(f) {
		f.Add(file.File)
	}
	const pixels = 1 << 14
	f.Fuzz(func(t *testing.T, raw []byte) {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		m, err := decode(raw, pixels) // not Decode, which hides panics
		runtime.ReadMemStats(&after)
		if n, limit := after.TotalAlloc-before.TotalAlloc, uint64(64*pixels+64*len(raw)+4<<20); n > limit {
			t.Errorf("a file of %d bytes made %d bytes be allocated, more than %d", len(raw), n, limit)
		}
		var format *FormatError
		var limit *LimitError
		switch {
		case err == nil && (m.check() != nil || m.W*m.H > pixels):
			t.Errorf("picture of %dx%d with %d bytes", m.W, m.H, len(m.Pix))
		case err != nil && !errors.As(err, &format) && !errors.As(err, &limit):
			t.Errorf("error of another type: %T %v", err, err)
		}
	})
}

// FuzzPNG: what Go's encoder writes comes back.
func FuzzPNG(f *testing.F) {
	f.Add(uint8(3), []byte{1, 2, 3, 4, 5, 6, 7, 8, 9})
	f.Fuzz(func(t *testing.T, width uint8, data []byte) {
		w := int(width)
		if w == 0 || len(data) < 3*w {
			return
		}
		m := Image{w, len(data) / 3 / w, data[:len(data)/3/w*w*3]}
		var file bytes.Buffer
		if err := png.Encode(&file, m.Std()); err != nil {
			t.Fatal(err)
		}
		back, err := Decode(&file, Limits{})
		if err != nil || back.W != m.W || back.H != m.H || !bytes.Equal(back.Pix, m.Pix) {
			t.Errorf("%dx%d: %v", m.W, m.H, err)
		}
	})
}

// FuzzTransforms: no image size and no parameters make a transform panic; each
// gives an error or a picture of the right shape, and never one byte outside.
func FuzzTransforms(f *testing.F) {
	f.Add(uint16(5), uint16(7), uint64(1), 30.0, 0.5, 4, 9)
	f.Add(uint16(1), uint16(1), uint64(2), -1e9, 1.0, -1, 1)
	f.Add(uint16(300), uint16(2), uint64(3), 1e-14, 0.0, 0, 224)
	f.Fuzz(func(t *testing.T, w, h uint16, seed uint64, a, p float64, k, n int) {
		if w == 0 || h == 0 || int(w)*int(h) > 1<<14 || n > 300 || k > 300 {
			return
		}
		dice := rand.New(rand.NewPCG(seed, 0))
		pool := []Transform{
			RandomRotation{Degrees: Span{a}, Interpolation: Interpolation(k), Expand: seed%2 == 0}, RandomRotation{Degrees: Span{a, a}},
			CenterCrop{Size: n}, CenterCrop{Height: n, Width: k}, RandomCrop{Size: n, Padding: Border{k}, Mode: PaddingMode(n % 5)},
			RandomCrop{Height: n, Width: k, PadIfNeeded: true}, Pad{Padding: Border{k, n}, Mode: PaddingMode(k % 4)}, RandomHorizontalFlip{P: p}, RandomVerticalFlip{P: p},
			ColorJitter{Brightness: Span{p}, Contrast: Span{p, a}, Saturation: Span{a}, Hue: Span{p / 2}}, RandomGrayscale{P: p},
			Resize{Size: n, Interpolation: Interpolation(k)}, Resize{Height: n, Width: k}, RandomResizedCrop{Size: n, Scale: Span{p, 1}, Ratio: Span{p, a}},
			ToTensor{}, Normalize{Std: [3]float64{a, p, 1}}, RandomErasing{P: p, Scale: Span{0, p}, Noise: n%2 == 0}, Cutout{Length: n, Holes: k}, AlternatingFlip{},
		}
		var steps Compose
		for range 1 + dice.IntN(5) {
			steps = append(steps, pool[dice.IntN(len(pool))])
		}
		m := NewImage(int(w), int(h))
		for i := range m.Pix {
			m.Pix[i] = uint8(dice.Uint32())
		}
		before := bytes.Clone(m.Pix)
		var s Sample
		s.Set(m)
		err := steps.Apply(&s, NewTorchRand(seed))
		if Check(steps) != nil && err == nil {
			t.Errorf("%v: Check finds %v, Apply nothing", steps, Check(steps))
		}
		if !bytes.Equal(before, m.Pix) {
			t.Errorf("%v wrote into the caller's image", steps)
		}
		if err != nil {
			return
		}
		gw, gh := s.Size()
		if x, err := s.Tensor(); err == nil && len(x.Data) != gw*gh*3 {
			t.Errorf("%v: %d floats for %dx%d", steps, len(x.Data), gw, gh)
		}
		if x, err := s.Image(); err == nil && (x.check() != nil || x.W != gw || x.H != gh) {
			t.Errorf("%v: image of %dx%d with %d bytes, size is %dx%d", steps, x.W, x.H, len(x.Pix), gw, gh)
		}
		_ = steps.String()
	})
}

// TestBombs: small files that say they are huge.
func TestBombs(t *testing.T) {
	var file bytes.Buffer // 100 million pixels in some 100 kB
	if err := png.Encode(&file, image.NewPaletted(image.Rect(0, 0, 10000, 10000), color.Palette{color.Black})); err != nil {
		t.Fatal(err)
	}
	files := decodeFiles(t)
	huge := func(name string, at int, bytes ...byte) []byte {
		raw := append([]byte(nil), files[name].File...)
		copy(raw[at:], bytes)
		return raw
	}
	for name, raw := range map[string][]byte{
		"png": file.Bytes(), "gif": huge("gif", 6, 0xff, 0xff, 0xff, 0xff), "bmp": huge("bmp RGB", 18, 0, 0, 0, 1, 0, 0, 0, 1),
		"webp": huge("webp lossless", 21, 0xff, 0xff, 0xff, 0x0f),
	} {
		var limit *LimitError
		if _, err := Decode(bytes.NewReader(raw), Limits{}); !errors.As(err, &limit) || limit.What != "pixels" {
			t.Errorf("%s of %d bytes: %v", name, len(raw), err)
		}
	}
}

// TestHiddenWork: small files that ask for much work beside their pixels.
func TestHiddenWork(t *testing.T) {
	plain := decodeFiles(t)["png RGB"].File
	var packed bytes.Buffer // 64 MiB of text in some 64 kB
	w := zlib.NewWriter(&packed)
	w.Write(make([]byte, 64<<20))
	w.Close()
	body := append([]byte("zTXtRaw profile type exif\x00\x00"), packed.Bytes()...)
	chunk := append(binary.BigEndian.AppendUint32(nil, uint32(len(body)-4)), body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(body))
	text := slices.Concat(plain[:33], bytes.Repeat(chunk, 8), plain[33:])

	shared := bytes.Clone(decodeFiles(t)["tiff jpeg RGB 5"].File)
	for tag, v := range tiffFields(shared) {
		for i := 0; tag == tiffStripBytes && i < v.len(); i++ { // each strip has two thirds of all bytes
			binary.LittleEndian.PutUint16(v.data[i*len(v.data)/v.len():], uint16(len(shared)*2/3))
		}
	}
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	if m, err := Decode(bytes.NewReader(text), Limits{}); err != nil || m.W != 23 {
		t.Errorf("text: %d wide, %v", m.W, err)
	}
	runtime.ReadMemStats(&after)
	if n := after.TotalAlloc - before.TotalAlloc; n > 16<<20 {
		t.Errorf("text: %d bytes allocated", n)
	}
	if _, err := Decode(bytes.NewReader(shared), Limits{}); err == nil || !strings.Contains(err.Error(), "shares bytes with others") {
		t.Errorf("shared strips: %v", err)
	}
}
