package augment

import (
	"bytes"
	"image"
	"image/gif"
)

// firstFrame is a GIF's first frame on its canvas. Go's decoder makes
// transparent pixels black; Pillow keeps their colour, so the mark that makes
// them transparent is taken away first. What the frame leaves free of the
// canvas has the transparent colour, else the first.
func firstFrame(raw []byte, w, h int) (Image, error) {
	raw = bytes.Clone(raw)
	back := opaque(raw)
	std, err := gif.Decode(bytes.NewReader(raw))
	if err != nil {
		return Image{}, err
	}
	frame, err := FromImage(std)
	if err != nil {
		return Image{}, err
	}
	at := std.Bounds().Min
	if frame.W == w && frame.H == h {
		return frame, nil
	}
	m := NewImage(w, h)
	if p, ok := std.(*image.Paletted); ok && int(back) < len(p.Palette) {
		r, g, b := withoutAlpha(p.Palette[back])
		fillRGB(m.Pix, RGB{r, g, b})
	}
	for y := range frame.H {
		copy(m.Pix[((at.Y+y)*w+at.X)*3:], frame.Pix[y*frame.W*3:][:frame.W*3])
	}
	return m, nil
}

// opaque takes the transparency off a GIF's first frame and gives its index,
// or 0.
func opaque(raw []byte) (index uint8) {
	at := 13
	if len(raw) > 10 && raw[10]&0x80 != 0 {
		at += 3 << (raw[10]&7 + 1)
	}
	for at+7 < len(raw) && raw[at] == 0x21 {
		if raw[at+1] == 0xf9 && raw[at+2] == 4 && raw[at+3]&1 != 0 {
			raw[at+3] &^= 1
			index = raw[at+6]
		}
		for at += 2; at < len(raw) && raw[at] != 0; {
			at += int(raw[at]) + 1
		}
		at++
	}
	return index
}
