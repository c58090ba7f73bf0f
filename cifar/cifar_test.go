package cifar

import (
	"bytes"
	"errors"
	"slices"
	"testing"
)

// some makes n images with every byte set.
func some(n int) *Images {
	s := &Images{}
	for i := range n * imageBytes {
		s.Pixels = append(s.Pixels, uint8(i*7+i/imageBytes))
	}
	for i := range n {
		s.Labels = append(s.Labels, uint8(i%NumClasses))
	}
	return s
}

func TestDecode(t *testing.T) {
	raw := make([]byte, recordBytes)
	raw[0] = 6
	raw[1], raw[1+plane], raw[1+2*plane] = 10, 20, 30 // red, green, blue of the first pixel
	s := &Images{}
	if err := s.decode("f", raw); err != nil {
		t.Fatal(err)
	}
	pixels, label := s.Example(0)
	if label != 6 || !slices.Equal(pixels[:4], []uint8{10, 20, 30, 0}) {
		t.Errorf("label %d, first pixels %v", label, pixels[:4])
	}
	if c := s.Image(0).NRGBAAt(0, 0); c.R != 10 || c.G != 20 || c.B != 30 || c.A != 255 {
		t.Errorf("first pixel %v", c)
	}
}

func TestDecodeErrors(t *testing.T) {
	raw := some(2).encode()
	bad := slices.Clone(raw)
	bad[recordBytes] = 10
	for name, c := range map[string]struct {
		raw    []byte
		offset int64
	}{"bad label": {bad, recordBytes}, "truncated": {raw[:len(raw)-5], recordBytes}} {
		var format *FormatError
		if err := new(Images).decode("f", c.raw); !errors.As(err, &format) || format.File != "f" || format.Offset != c.offset {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(some(2).encode())
	f.Add([]byte{11})
	f.Fuzz(func(t *testing.T, raw []byte) {
		s := &Images{}
		if s.decode("f", raw) == nil && !bytes.Equal(s.encode(), raw) {
			t.Error("decoded and encoded again, it differs")
		}
	})
}
