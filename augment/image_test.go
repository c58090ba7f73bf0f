package augment

import (
	"bytes"
	"image"
	"image/color"
	"testing"
)

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
