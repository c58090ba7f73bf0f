package augment

import (
	"math"
	"sync"
)

// hue turns the colour of each pixel by f of the circle, through Pillow's
// 8-bit HSV (Convert.c). Everything but the hue of a colour is computed in
// integers that give what Pillow's floating point gives for every colour; the
// hue, where rounding matters, is a table.
func (s *Sample) hue(f float64) {
	s.shift = uint8(int32(f * 255))
	s.each(turnHue)
}

// hues holds the hue of a colour as [which is which][max−min][max−mid], where
// max, mid, min are its channels from the largest to the smallest.
type hues [6][256][256]uint8

// Which channels are max, mid and min.
const (
	rgb = iota
	rbg
	grb
	gbr
	bgr
	brg
)

var hueTable = sync.OnceValue(func() *hues {
	t := new(hues)
	for cr := 1; cr < 256; cr++ {
		for num := range cr + 1 {
			c := float32(num) / float32(cr)
			w := float64(c)
			of := [6]float32{
				rgb: 1 - c,
				rbg: c - 1,
				grb: float32(2 + w - 1),
				gbr: float32(2 + 1 - w),
				bgr: float32(4 + w - 1),
				brg: float32(4 + 1 - w),
			}
			for which, h := range of {
				part := float32(math.Mod(float64(h)/6+1, 1))
				t[which][cr][num] = uint8(float64(part) * 255)
			}
		}
	}
	return t
})

// sector says how a hue is turned back into channels.
type sector struct {
	part          uint8 // of the way from max to min that mid is, in 255ths
	max, mid, min uint8 // which channel is which
}

var sectors = sync.OnceValue(func() *[256]sector {
	t := new([256]sector)
	for h := range t {
		i, part := h*6/255, h*6%255
		if i%2 == 0 {
			part = 255 - part
		}
		order := [6][3]uint8{{0, 1, 2}, {1, 0, 2}, {1, 2, 0}, {2, 1, 0}, {2, 0, 1}, {0, 2, 1}}[i%6]
		t[h] = sector{uint8(part), order[0], order[1], order[2]}
	}
	return t
})

// saturations are 255·2¹⁶/max, so that (max−min) times it gives the
// saturation, 0 to 255, in the upper half.
var saturations = sync.OnceValue(func() *[256]uint32 {
	t := new([256]uint32)
	for v := 1; v < 256; v++ {
		t[v] = 255<<16/uint32(v) + 1
	}
	return t
})

// toward is the channel of a colour with that largest channel and saturation
// that lies part 255ths of the way to the smallest one, rounded.
func toward(largest, saturation, part uint32) uint8 {
	return uint8((2*largest*(255*255-saturation*part) + 255*255) / (2 * 255 * 255))
}

// smallest is toward(…, 255).
func smallest(largest, saturation uint32) uint8 { return over255(int(largest * (255 - saturation))) }

// turnHue branches where it could compute: neighbours in a picture mostly go
// the same way, which makes branches cheap.
func turnHue(s *Sample, dst, src []uint8, lut *[256]uint8) {
	hue, sector, saturation := hueTable(), sectors(), saturations()
	n := min(len(src), len(dst))
	src, dst = src[:n], dst[:n]
	for i := 0; i+2 < n; i += 3 {
		in, out := src[i:i+3:i+3], dst[i:i+3:i+3]
		r, g, b := lut[in[0]], lut[in[1]], lut[in[2]]
		var top, mid, bottom uint8
		var t *[256][256]uint8
		if r >= g {
			if g >= b {
				top, mid, bottom, t = r, g, b, &hue[rgb]
			} else if r >= b {
				top, mid, bottom, t = r, b, g, &hue[rbg]
			} else {
				top, mid, bottom, t = b, r, g, &hue[brg]
			}
		} else if r >= b {
			top, mid, bottom, t = g, r, b, &hue[grb]
		} else if g >= b {
			top, mid, bottom, t = g, b, r, &hue[gbr]
		} else {
			top, mid, bottom, t = b, g, r, &hue[bgr]
		}
		spread := top - bottom
		e := &sector[t[spread][top-mid]+s.shift]
		v, sat := uint32(top), uint32(spread)*saturation[top]>>16
		out[e.max], out[e.mid], out[e.min] = top, toward(v, sat, uint32(e.part)), smallest(v, sat)
	}
}
