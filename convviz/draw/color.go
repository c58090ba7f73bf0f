package draw

import (
	"image/color"
	"math"
)

// Color is the colour type of this package.
type Color = color.Color

func rgb(v uint32) color.NRGBA {
	return color.NRGBA{uint8(v >> 16), uint8(v >> 8), uint8(v), 255}
}

// The palette is Okabe and Ito's (2008), whose colours people with every
// common form of colour blindness can tell apart, and greys.
var (
	Green  color.Color = rgb(0x009e73)
	Orange color.Color = rgb(0xd55e00)
	Blue   color.Color = rgb(0x0072b2)
	Purple color.Color = rgb(0xcc79a7)
	Yellow color.Color = rgb(0xe69f00)
	Sky    color.Color = rgb(0x56b4e9)

	Ink    color.Color = rgb(0x222222) // text
	Grey   color.Color = rgb(0x595959) // less important text: 7:1 on Card
	Edge   color.Color = rgb(0xd0d0d0) // lines of the grid and the card
	Shade  color.Color = rgb(0xf0f0f0) // empty areas
	Card   color.Color = rgb(0xffffff) // the ground of every picture
	Faint  color.Color = rgb(0x6a6a6a) // zeros among numbers: 5.4:1 on Card
	NoData color.Color = rgb(0xb0b0b0) // a value that is not a number
)

// RGB are the colours of the red, green and blue planes of a photo.
var RGB = [3]color.Color{rgb(0xd02030), rgb(0x118833), rgb(0x1f55d8)}

// Palette is the order in which series take their colours.
var Palette = []color.Color{Green, Orange, Blue, Purple, Yellow, Sky}

// Hue is the colour of thing i of many: those of Palette, then grey and brown,
// and again from the first.
func Hue(i int) color.Color {
	hues := append(Palette[:len(Palette):len(Palette)], rgb(0x777777), rgb(0x8c5a2b))
	return hues[i%len(hues)]
}

// Tint mixes c with white: 0 is white, 1 is c.
func Tint(c color.Color, share float64) color.Color {
	r, g, b, _ := c.RGBA()
	mix := func(v uint32) uint8 { return uint8(math.Round(255 + (float64(v>>8)-255)*clamp01(share))) }
	return color.NRGBA{mix(r), mix(g), mix(b), 255}
}

// cividis (Nuñez, Anderton and Renslow 2018) in eighths: it grows evenly in
// lightness, also for colour-blind eyes and in grey print.
var cividis = []color.NRGBA{rgb(0x00224e), rgb(0x123570), rgb(0x3b496c), rgb(0x575d6d), rgb(0x707173),
	rgb(0x8a8678), rgb(0xa59c74), rgb(0xc3b369), rgb(0xe1cc55), rgb(0xfee838)}

// Heat is the colour of v from 0 (dark blue) to 1 (yellow).
func Heat(v float64) color.Color {
	if math.IsNaN(v) {
		return NoData
	}
	at := clamp01(v) * float64(len(cividis)-1)
	i := min(int(at), len(cividis)-2)
	return between(cividis[i], cividis[i+1], at-float64(i))
}

// Signed is the colour of v from -1 (blue) over 0 (white) to 1 (orange).
func Signed(v float64) color.Color {
	switch {
	case math.IsNaN(v):
		return NoData
	case v < 0:
		return Tint(Blue, -v)
	}
	return Tint(Orange, v)
}

// Pale is the colour of v from 0 (white) to 1 (blue), for cells with numbers.
func Pale(v float64) color.Color {
	if math.IsNaN(v) {
		return NoData
	}
	return Tint(Blue, v)
}

// Light is c two thirds of the way from white, as the ground of dark digits.
func Light(c color.Color) color.Color { return Tint(c, 0.66) }

// Grays is the colour of v from 0 (black) to 1 (white).
func Grays(v float64) color.Color {
	if math.IsNaN(v) {
		return Orange
	}
	g := uint8(math.Round(255 * clamp01(v)))
	return color.NRGBA{g, g, g, 255}
}

// Mixed is a colour of red, green and blue from -1 (none) over 0 (half) to 1.
func Mixed(r, g, b float64) color.Color {
	part := func(v float64) uint8 { return uint8(math.Round(255 * clamp01(v/2+0.5))) }
	return color.NRGBA{part(r), part(g), part(b), 255}
}

// On is a colour for text that reads on ground: Ink where it has the contrast of
// 4.5 that WCAG asks for, else black or white.
func On(ground color.Color) color.Color {
	l := luminance(ground) + 0.05
	switch {
	case l >= 4.5*(luminance(Ink)+0.05):
		return Ink
	case l/0.05 >= 1.05/l:
		return color.Black
	}
	return Card
}

// luminance is WCAG's relative luminance.
func luminance(c color.Color) float64 {
	r, g, b, _ := c.RGBA()
	lin := func(v uint32) float64 {
		s := float64(v) / 0xffff
		if s <= 0.03928 {
			return s / 12.92
		}
		return math.Pow((s+0.055)/1.055, 2.4)
	}
	return 0.2126*lin(r) + 0.7152*lin(g) + 0.0722*lin(b)
}

func between(a, b color.NRGBA, t float64) color.Color {
	mix := func(a, b uint8) uint8 { return uint8(math.Round(float64(a) + (float64(b)-float64(a))*t)) }
	return color.NRGBA{mix(a.R, b.R), mix(a.G, b.G), mix(a.B, b.B), 255}
}

func clamp01(v float64) float64 {
	if !(v > 0) { // NaN too
		return 0
	}
	return min(v, 1)
}
