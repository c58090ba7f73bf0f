package augment

import (
	"bytes"
	"image"
	"image/jpeg"
	"image/png"
	"slices"
	"testing"
)

// TestSegments: those of a JPEG and chunks of a PNG, in their order, and not
// what is written behind the end.
func TestSegments(t *testing.T) {
	var photo bytes.Buffer
	if err := jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 20, 20)), nil); err != nil {
		t.Fatal(err)
	}
	raw := append(photo.Bytes(), "\xff\xe1\x00\x04no"...)
	var markers []byte
	for marker, body := range jpegSegments(raw) {
		markers = append(markers, marker)
		if len(body) == 0 {
			t.Errorf("segment %x is empty", marker)
		}
	}
	if slices.Contains(markers, jpegAPP1) || markers[len(markers)-1] != jpegSOS || scans(raw) != 1 {
		t.Errorf("segments %x, %d scans", markers, scans(raw))
	}
	var drawing bytes.Buffer
	if err := png.Encode(&drawing, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	var names []string
	for name := range chunks(drawing.Bytes(), "PNG") {
		names = append(names, name)
	}
	if !slices.Equal(names, []string{"IHDR", "IDAT", "IEND"}) {
		t.Errorf("chunks %q", names)
	}
	if !bytes.Equal(withAdobe(raw), raw) {
		t.Error("a JPEG of one colour was given Adobe's segment")
	}
}
