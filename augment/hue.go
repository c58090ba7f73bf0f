package augment

import (
	"math"
	"sync"
)

// hue turns the colour of each pixel by f of the circle, through Pillow's
// 8-bit HSV.
func (s *Sample) hue(f float64) {
	s.shift = uint8(int32(f * 255))
	s.each(turnHue)
}

// hsv holds what Pillow's Convert.c computes for a pixel, tabled. Largest,
// middle and smallest channel are max, mid, min; a triangle's index of (a, b)
// with b ≤ a is a(a+1)/2+b.
type hsv struct {
	hue [6][triangle]uint8 // [which channels are largest and smallest][max−min, max−mid]
	sat [triangle]uint8    // [max, max−min]
	low [256][256]uint8    // [saturation][value]: the smallest channel again
	of  [256]sector        // [hue]
	fs  [256]float32       // [saturation]: as a part of 1
}

const triangle = 256 * 257 / 2

func tri(a, b int) int { return a*(a+1)/2 + b }

// sector says how a hue is turned back into channels.
type sector struct {
	part          float64 // of the way from max to min that the middle channel is, times saturation
	rounded       bool    // that product is rounded to 32 bits
	max, mid, min uint8   // which channel is which
}

var hsvTables = sync.OnceValue(func() *hsv {
	t := new(hsv)
	for cr := 1; cr < 256; cr++ {
		for num := range cr + 1 {
			c := float32(num) / float32(cr)
			w := float64(c)
			for i, h := range [6]float32{1 - c, c - 1, float32(2 + w - 1), float32(2 + 1.0 - w), float32(4 + w - 1), float32(4 + 1.0 - w)} {
				part := float32(math.Mod(float64(h)/6+1, 1))
				t.hue[i][tri(cr, num)] = uint8(int(float64(part) * 255))
			}
		}
	}
	for v := 1; v < 256; v++ {
		for cr := range v + 1 {
			t.sat[tri(v, cr)] = uint8(int(float64(float32(cr)/float32(v)) * 255))
		}
	}
	for s := range 256 {
		t.fs[s] = float32(float64(s) / 255)
		for v := range 256 {
			t.low[s][v] = uint8(math.Round(float64(v) * (1 - float64(t.fs[s]))))
		}
	}
	for h := range 256 {
		at := float64(h) * 6 / 255
		i := math.Floor(at)
		f := float32(at - i)
		e := &t.of[h]
		if e.rounded = int(i)%2 == 1; e.rounded {
			e.part = float64(f)
		} else {
			e.part = 1 - float64(f)
		}
		order := [6][3]uint8{{0, 1, 2}, {1, 0, 2}, {1, 2, 0}, {2, 1, 0}, {2, 0, 1}, {0, 2, 1}}[int(i)%6]
		e.max, e.mid, e.min = order[0], order[1], order[2]
	}
	return t
})

// largest gives the first index of hsv.hue by the comparisons r≥g, g≥b, r≥b
// as bits 2, 1, 0; two of the eight cannot be.
var largest = [8]uint8{0: 4, 1: 2, 2: 3, 3: 2, 4: 5, 5: 1, 6: 0, 7: 0}

func turnHue(s *Sample, dst, src []uint8, lut *[256]uint8) {
	t := hsvTables()
	for ; len(src) >= 3 && len(dst) >= 3; src, dst = src[3:], dst[3:] {
		r, g, b := int(lut[src[0]]), int(lut[src[1]]), int(lut[src[2]])
		top, bottom := max(r, g, b), min(r, g, b)
		cr := top - bottom
		sat := t.sat[tri(top, cr)]
		if sat == 0 {
			dst[0], dst[1], dst[2] = uint8(top), uint8(top), uint8(top)
			continue
		}
		which := 0
		if r >= g {
			which = 4
		}
		if g >= b {
			which |= 2
		}
		if r >= b {
			which |= 1
		}
		e := &t.of[t.hue[largest[which]][tri(cr, top+top+bottom-r-g-b)]+s.shift]
		x := float64(float64(t.fs[sat]) * e.part)
		if e.rounded {
			x = float64(float32(x))
		}
		mid := uint8(math.Round(float64(top) * (1 - x)))
		dst[e.max], dst[e.mid], dst[e.min] = uint8(top), mid, t.low[sat][top]
	}
}
