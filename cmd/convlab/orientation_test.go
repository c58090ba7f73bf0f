package main

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"os"
	"slices"
	"strings"
	"testing"
)

// What Pillow's exif_transpose makes of 0 1 2 / 3 4 5 / 6 7 8.
var transposed = map[int][]uint8{
	1: {0, 1, 2, 3, 4, 5, 6, 7, 8}, 2: {2, 1, 0, 5, 4, 3, 8, 7, 6}, 3: {8, 7, 6, 5, 4, 3, 2, 1, 0}, 4: {6, 7, 8, 3, 4, 5, 0, 1, 2},
	5: {0, 3, 6, 1, 4, 7, 2, 5, 8}, 6: {6, 3, 0, 7, 4, 1, 8, 5, 2}, 7: {8, 5, 2, 7, 4, 1, 6, 3, 0}, 8: {2, 5, 8, 1, 4, 7, 0, 3, 6},
}

func TestUpright(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 3, 3))
	for i := range 9 {
		img.SetNRGBA(i%3, i/3, color.NRGBA{uint8(i), 0, 0, 255})
	}
	for o, want := range transposed {
		var got []uint8
		for i, out := 0, upright(img, o); i < len(out.Pix); i += 4 {
			got = append(got, out.Pix[i])
		}
		if !slices.Equal(got, want) {
			t.Errorf("orientation %d: %v, want %v", o, got, want)
		}
	}
}

// tagged puts an EXIF segment with an orientation behind the start of a JPEG.
func tagged(jpeg []byte, order binary.AppendByteOrder, o uint16) []byte {
	tiff := map[bool][]byte{true: []byte("MM"), false: []byte("II")}[order.String() == "BigEndian"]
	tiff = order.AppendUint16(tiff, 42)
	tiff = order.AppendUint32(tiff, 8)
	tiff = order.AppendUint16(tiff, 1)
	tiff = order.AppendUint16(order.AppendUint16(tiff, 0x0112), 3)
	tiff = order.AppendUint32(tiff, 1)
	tiff = order.AppendUint16(order.AppendUint16(tiff, o), 0)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	out := append(slices.Clone(jpeg[:2]), 0xFF, 0xE1)
	out = binary.BigEndian.AppendUint16(out, uint16(len(segment)+2))
	return append(append(out, segment...), jpeg[2:]...)
}

func TestOrientation(t *testing.T) {
	plain, err := os.ReadFile(encoded(t, "a.jpg", wide()))
	if err != nil {
		t.Fatal(err)
	}
	if got := orientation(bytes.NewReader(plain)); got != 1 {
		t.Errorf("no EXIF: %d", got)
	}
	for _, order := range []binary.AppendByteOrder{binary.BigEndian, binary.LittleEndian} {
		for want := range transposed {
			if got := orientation(bytes.NewReader(tagged(plain, order, uint16(want)))); got != want {
				t.Errorf("%v: %d, want %d", order, got, want)
			}
		}
	}
	path := encoded(t, "a.jpg", wide())
	if err := os.WriteFile(path, tagged(plain, binary.BigEndian, 6), 0o644); err != nil {
		t.Fatal(err)
	}
	if _, saw, err := look(path); err != nil || !strings.Contains(saw, "turned") {
		t.Errorf("%q, %v", saw, err)
	}
}

func FuzzOrientation(f *testing.F) {
	f.Add(tagged([]byte{0xFF, 0xD8, 0xFF, 0xDA}, binary.BigEndian, 6))
	f.Add(tagged([]byte{0xFF, 0xD8, 0xFF, 0xDA}, binary.LittleEndian, 9))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if o := orientation(bytes.NewReader(raw)); o < 1 || o > 8 {
			t.Error(o)
		}
	})
}
