package augment

import "math"

// coord is the pixel that holds place v, as Pillow's COORD.
func coord(v float64) int {
	if v < 0 {
		return -1
	}
	return int(v)
}

// scaleNearest is mapNearest where rows stay rows (ImagingScaleAffine): places
// are summed up, not multiplied, which matters to the last bit.
func (s *Sample) scaleNearest(dst []uint8, m *matrix, w, h int) {
	u, v := m[2]+m[0]*0.5, m[5]+m[4]*0.5
	for range h {
		row := dst[:w*3]
		dst = dst[w*3:]
		if y := coord(v); y >= 0 && y < s.h {
			at := u
			for o := 0; o < len(row); o += 3 {
				if x := coord(at); x >= 0 && x < s.w {
					copy(row[o:o+3], s.src[(y*s.stride+x)*3:])
				}
				at += m[0]
			}
		}
		v += m[4]
	}
}

// mapNearest is for pictures too large for 16.16 fixed point.
func (s *Sample) mapNearest(dst []uint8, m *matrix, w, h int) {
	u, v := m[2]+m[1]*0.5+m[0]*0.5, m[5]+m[4]*0.5+m[3]*0.5
	for y := range h {
		x0, y0 := u, v
		for x := range w {
			if i, j := coord(x0), coord(y0); i >= 0 && i < s.w && j >= 0 && j < s.h {
				copy(dst[(y*w+x)*3:][:3], s.src[(j*s.stride+i)*3:])
			}
			x0, y0 = x0+m[0], y0+m[3]
		}
		u, v = u+m[1], v+m[4]
	}
}

// mapSmooth interpolates between 2x2 or 4x4 pixels; rows and columns outside
// repeat the last one. The result is cut off to 8 bits, not rounded.
func (s *Sample) mapSmooth(dst []uint8, m *matrix, w, h int, by Interpolation) {
	for y := range h {
		for x := range w {
			u, v := m.at(float64(x)+0.5, float64(y)+0.5)
			if !(u >= 0 && u < float64(s.w) && v >= 0 && v < float64(s.h)) {
				continue
			}
			u, v = u-0.5, v-0.5
			i, j := int(math.Floor(u)), int(math.Floor(v))
			du, dv := u-float64(i), v-float64(j)
			out := dst[(y*w+x)*3:][:3]
			for c := range out {
				if by == Bilinear {
					out[c] = uint8(line(s.lineAt(i, j, c, du), s.lineAt(i, j+1, c, du), dv))
					continue
				}
				p := cubic(s.cubicAt(i, j-1, c, du), s.cubicAt(i, j, c, du), s.cubicAt(i, j+1, c, du), s.cubicAt(i, j+2, c, du), dv)
				out[c] = uint8(max(0, min(255, p)))
			}
		}
	}
}

func (s *Sample) near(x, y, c int) float64 {
	x, y = max(0, min(x, s.w-1)), max(0, min(y, s.h-1))
	return float64(s.src[(y*s.stride+x)*3+c])
}

func (s *Sample) lineAt(x, y, c int, d float64) float64 {
	return line(s.near(x, y, c), s.near(x+1, y, c), d)
}

func (s *Sample) cubicAt(x, y, c int, d float64) float64 {
	return cubic(s.near(x-1, y, c), s.near(x, y, c), s.near(x+1, y, c), s.near(x+2, y, c), d)
}

// The conversions keep processors from fusing products with sums.
func line(a, b, d float64) float64 { return a + float64((b-a)*d) }

func cubic(a, b, c, e, d float64) float64 {
	p3 := float64(2*(a-b)) + c - e
	p4 := -a + b - c + e
	return b + float64(d*(-a+c+float64(d*(p3+float64(d*p4)))))
}
