package augment

import (
	"fmt"
	"image"
	"image/color"
)

// Image is a picture of 8 bits a channel.
type Image struct {
	W, H int     // pixels
	Pix  []uint8 // H·W·3: rows from the top, in a row pixels from the left, of each red, green, blue
}

// NewImage is a black image of w by h pixels.
func NewImage(w, h int) Image {
	return Image{w, h, make([]uint8, w*h*3)}
}

// At is the colour of the pixel in column x, row y.
func (m Image) At(x, y int) RGB {
	i := (y*m.W + x) * 3
	return RGB{m.Pix[i], m.Pix[i+1], m.Pix[i+2]}
}

// RGB is a colour: red, green, blue.
type RGB [3]uint8

func (m Image) check() error {
	if m.W < 1 || m.H < 1 || len(m.Pix) != m.W*m.H*3 {
		return fmt.Errorf("augment: image of %dx%d pixels needs %d bytes and at least one pixel, got %d bytes", m.W, m.H, m.W*m.H*3, len(m.Pix))
	}
	return nil
}

// Std is a copy of m for Go's image packages.
func (m Image) Std() *image.NRGBA {
	out := image.NewNRGBA(image.Rect(0, 0, m.W, m.H))
	for i := range m.W * m.H {
		copy(out.Pix[4*i:], m.Pix[3*i:3*i+3])
		out.Pix[4*i+3] = 255
	}
	return out
}

// FromImage makes an Image of any image of Go, as Pillow's convert("RGB")
// does: grey is written to all three channels, alpha is dropped (a transparent
// pixel keeps the colour it has in the file), CMYK is turned to RGB by
// (255−C)(255−K)/255. Of 16 bits a channel the upper 8 are kept, as Pillow
// keeps them of 16-bit RGB (of 16-bit grey it keeps none above 255 and shows
// white: that is not followed).
func FromImage(src image.Image) (Image, error) {
	b := src.Bounds()
	if b.Empty() {
		return Image{}, fmt.Errorf("augment: image without a pixel: bounds %v", b)
	}
	m := NewImage(b.Dx(), b.Dy())
	put := func(i int, r, g, b uint8) { m.Pix[3*i], m.Pix[3*i+1], m.Pix[3*i+2] = r, g, b }
	i := 0
	for y := b.Min.Y; y < b.Max.Y; y++ {
		switch s := src.(type) {
		case *image.Gray:
			for _, v := range s.Pix[s.PixOffset(b.Min.X, y):][:b.Dx()] {
				put(i, v, v, v)
				i++
			}
		case *image.NRGBA:
			row := s.Pix[s.PixOffset(b.Min.X, y):][:4*b.Dx()]
			for x := 0; x < len(row); x += 4 {
				put(i, row[x], row[x+1], row[x+2])
				i++
			}
		case *image.CMYK:
			row := s.Pix[s.PixOffset(b.Min.X, y):][:4*b.Dx()]
			for x := 0; x < len(row); x += 4 {
				k := 255 - int(row[x+3])
				put(i, uint8(k)-over255(int(row[x])*k), uint8(k)-over255(int(row[x+1])*k), uint8(k)-over255(int(row[x+2])*k))
				i++
			}
		case *image.YCbCr:
			for x := b.Min.X; x < b.Max.X; x++ {
				c := s.YCbCrAt(x, y)
				r, g, b := color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
				put(i, r, g, b)
				i++
			}
		default:
			for x := b.Min.X; x < b.Max.X; x++ {
				r, g, b := withoutAlpha(src.At(x, y))
				put(i, r, g, b)
				i++
			}
		}
	}
	return m, nil
}

// over255 is v/255, rounded, for v up to 255².
func over255(v int) uint8 { return uint8((v + 128 + (v+128)>>8) >> 8) }

// withoutAlpha gives the colour that is stored where the model keeps it apart
// from alpha, else the one that the alpha was multiplied into.
func withoutAlpha(c color.Color) (r, g, b uint8) {
	switch c := c.(type) {
	case color.NRGBA:
		return c.R, c.G, c.B
	case color.NRGBA64:
		return uint8(c.R >> 8), uint8(c.G >> 8), uint8(c.B >> 8)
	case color.NYCbCrA:
		return color.YCbCrToRGB(c.Y, c.Cb, c.Cr)
	case color.RGBA:
		if c.A == 255 {
			return c.R, c.G, c.B
		}
	}
	n := color.NRGBA64Model.Convert(c).(color.NRGBA64)
	return uint8(n.R >> 8), uint8(n.G >> 8), uint8(n.B >> 8)
}

// Tensor is a picture of 32-bit floats, channels last as everywhere in
// convlab (PyTorch keeps them first).
type Tensor struct {
	W, H int
	Data []float32 // H·W·3: [height, width, channel]
}

// Image is t drawn: the opposite of n (zero value: nothing to undo) and of
// ToTensor, rounded and clipped to 0..255.
func (t Tensor) Image(n Normalize) Image {
	m := NewImage(t.W, t.H)
	for i, v := range t.Data {
		if n != (Normalize{}) {
			v = float32(v*float32(n.Std[i%3])) + float32(n.Mean[i%3])
		}
		m.Pix[i] = uint8(max(0, min(255, float32(v*255)+0.5)))
	}
	return m
}
