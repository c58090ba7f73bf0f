package augment

import (
	"math"
	"sync"
)

// hue turns the colour of each pixel by f of the circle, through Pillow's
// 8-bit HSV (Convert.c). A colour's hue, where rounding matters, is a table;
// the rest is computed in integers that give what Pillow's floating point
// gives for every colour.
func (s *Sample) hue(f float64) {
	fillHue()
	s.shift = uint8(int32(f * 255))
	s.each(turnHue)
}

// Tables that never change once fillHue has run. As variables of the package
// their addresses are constants, which the loop over pixels is faster for.
var (
	// For a colour's red−green and green−blue, its hue and, in the upper 8
	// bits, the difference between its largest and smallest channel: both
	// depend on nothing else. Colours of photos are close to grey, so little
	// of it is used at a time.
	hueTable [1 << 18]uint16
	// How a hue is turned back into channels.
	sectors [256]sector
	// 255·2¹⁶/max, so that (max−min) times it gives the saturation, 0 to 255,
	// in the upper half.
	saturations [256]uint32
)

type sector struct {
	part          uint8 // of the way from max to min that mid is, in 255ths
	max, mid, min uint8 // which channel is largest, in the middle, smallest
}

var fillHue = sync.OnceFunc(func() {
	for rg := -255; rg < 256; rg++ {
		for gb := max(-255, -255-rg); gb < min(256, 256-rg); gb++ {
			g := max(0, -rg, gb)
			hueTable[difference(uint32(g+rg), uint32(g), uint32(g-gb))] = hueOf(g+rg, g, g-gb)
		}
	}
	for h := range sectors {
		i, part := h*6/255, h*6%255
		if i%2 == 0 {
			part = 255 - part
		}
		order := [6][3]uint8{{0, 1, 2}, {1, 0, 2}, {1, 2, 0}, {2, 1, 0}, {2, 0, 1}, {0, 2, 1}}[i%6]
		sectors[h] = sector{uint8(part), order[0], order[1], order[2]}
	}
	for v := 1; v < 256; v++ {
		saturations[v] = 255<<16/uint32(v) + 1
	}
})

// difference is the place of a colour in hueTable.
func difference(r, g, b uint32) uint32 { return ((r-g+256)<<9 | (g - b + 256)) & (1<<18 - 1) }

// hueOf follows Convert.c: what is computed in 32 and what in 64 bits matters.
func hueOf(r, g, b int) uint16 {
	top := max(r, g, b)
	spread := top - min(r, g, b)
	if spread == 0 {
		return 0
	}
	part := func(v int) float32 { return float32(top-v) / float32(spread) }
	var h float32
	switch top {
	case r:
		h = part(b) - part(g)
	case g:
		h = float32(2 + float64(part(r)) - float64(part(b)))
	default:
		h = float32(4 + float64(part(g)) - float64(part(r)))
	}
	h = float32(math.Mod(float64(h)/6+1, 1))
	return uint16(float64(h)*255) | uint16(spread)<<8
}

// toward is the channel of a colour with that largest channel that lies part
// 255ths of the way to the smallest one; chroma is the largest channel times
// the saturation.
func toward(largest, chroma, part uint32) uint8 {
	return uint8(largest - (2*chroma*part+255*255-1)/(2*255*255))
}

// smallest is toward(…, 255).
func smallest(largest, chroma uint32) uint8 { return uint8(largest - (chroma+127)/255) }

func turnHue(s *Sample, dst, src []uint8, lut *[256]uint8) {
	n := min(len(src), len(dst))
	src, dst = src[:n], dst[:n]
	for i := 0; i+2 < n; i += 3 {
		in, out := src[i:i+3:i+3], dst[i:i+3:i+3]
		r, g, b := uint32(lut[in[0]]), uint32(lut[in[1]]), uint32(lut[in[2]])
		h := uint32(hueTable[difference(r, g, b)])
		e := &sectors[uint8(h)+s.shift]
		v := max(r, g, b)
		chroma := v * (h >> 8 * saturations[uint8(v)] >> 16)
		out[e.max], out[e.mid], out[e.min] = uint8(v), toward(v, chroma, uint32(e.part)), smallest(v, chroma)
	}
}
