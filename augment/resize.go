package augment

import (
	"fmt"
	"math"
	"slices"
)

// Resize makes the shorter side Size pixels long and keeps the proportions, or
// makes the image exactly Height by Width. Bilinear and Bicubic average over
// all source pixels when they shrink (antialiasing), as Pillow does.
type Resize struct {
	Size          int           // of the shorter side, or
	Height, Width int           // pixels
	Interpolation Interpolation // Default: Bilinear
}

// Apply implements Transform; no draw.
func (t Resize) Apply(s *Sample, r *Rand) error {
	if err := onBytes(s, t.check()); err != nil {
		return err
	}
	h, w := t.Height, t.Width
	if t.Size > 0 {
		short, long := min(s.w, s.h), max(s.w, s.h)
		long = int(float64(t.Size*long) / float64(short))
		if w, h = t.Size, long; s.w > s.h {
			w, h = long, t.Size
		}
	}
	if err := fits("Resize", w, h); err != nil {
		return err
	}
	s.resize(w, h, t.Interpolation.or(Bilinear))
	return nil
}

func (t Resize) dims() dims { return dims{t.Size, t.Height, t.Width} }

func (t Resize) check() error {
	if err := t.dims().check("Resize"); err != nil {
		return err
	}
	return t.Interpolation.check("Resize")
}

func (t Resize) String() string {
	return fmt.Sprintf("Resize(%s%s)", t.dims().python(), t.Interpolation.python(Bilinear))
}

// resize follows Pillow 13's Image.resize (Resample.c): a pass along rows, a
// pass along columns, bytes between them; a pass that changes nothing is left
// out. The columns go first where the height shrinks by more than twice what
// the width does (Pillow before 13.0 always took the rows first).
func (s *Sample) resize(w, h int, by Interpolation) {
	if s.w == w && s.h == h {
		return
	}
	if by == Nearest {
		s.affine(&matrix{float64(s.w) / float64(w), 0, 0, 0, float64(s.h) / float64(h), 0}, w, h, Nearest, RGB{})
		return
	}
	if s.turn.on || s.table != nil || s.flipX || s.flipY || s.cw != s.w || s.ch != s.h {
		s.flatten()
	}
	columnsFirst := s.h-h > max(0, 2*(s.w-w))
	if columnsFirst {
		s.resizeHeight(h, by)
	}
	s.resizeWidth(w, by)
	s.resizeHeight(h, by)
}

func (s *Sample) resizeWidth(w int, by Interpolation) {
	if s.w == w {
		return
	}
	s.taps[0].set(s.w, w, by)
	b, dst := s.other(w * s.h * 3)
	for y := range s.h {
		s.taps[0].alongRow(dst[y*w*3:][:w*3], s.row(y))
	}
	s.see(dst, w, s.h, b)
}

func (s *Sample) resizeHeight(h int, by Interpolation) {
	if s.h == h {
		return
	}
	s.taps[1].set(s.h, h, by)
	b, dst := s.other(s.w * h * 3)
	for y := range h {
		s.taps[1].acrossRows(dst[y*s.w*3:][:s.w*3], y, s)
	}
	s.see(dst, s.w, h, b)
}

// taps are, for each pixel of a resized axis, the source pixels that make it
// up and their weights in 22-bit fixed point.
type taps struct {
	in, out int
	by      Interpolation
	most    int       // weights a pixel
	from, n []int     // [out]
	weights []int32   // [out·most]
	exact   []float64 // of one pixel
	sums    []int32   // of one row
}

func (t *taps) set(in, out int, by Interpolation) {
	if t.in == in && t.out == out && t.by == by {
		return
	}
	t.in, t.out, t.by = in, out, by
	scale := float64(float32(in)) / float64(out)
	stretch := max(scale, 1)
	filter, support := triangleFilter, stretch
	if by == Bicubic {
		filter, support = cubicFilter, 2*stretch
	}
	t.most = int(math.Ceil(support))*2 + 1
	t.from, t.n = slices.Grow(t.from[:0], out)[:out], slices.Grow(t.n[:0], out)[:out]
	t.weights = slices.Grow(t.weights[:0], out*t.most)[:out*t.most]
	t.exact = slices.Grow(t.exact[:0], t.most)[:t.most]
	inverse := 1 / stretch
	for x := range out {
		center := float64((float64(x) + 0.5) * scale)
		from, to := max(int(center-support+0.5), 0), min(int(center+support+0.5), in)
		sum := 0.0
		for i := range to - from {
			t.exact[i] = filter((float64(i+from) - center + 0.5) * inverse)
			sum += t.exact[i]
		}
		t.from[x], t.n[x] = from, to-from
		for i := range to - from {
			k := t.exact[i]
			if sum != 0 {
				k /= sum
			}
			t.weights[x*t.most+i] = int32(math.Copysign(0.5, k) + float64(k*(1<<22)))
		}
	}
}

func triangleFilter(x float64) float64 { return max(0, 1-math.Abs(x)) }

func cubicFilter(x float64) float64 {
	switch x = math.Abs(x); {
	case x < 1:
		return float64((float64(1.5*x)-2.5)*x*x) + 1
	case x < 2:
		return (float64((float64((x-5)*x)+8)*x) - 4) * -0.5
	}
	return 0
}

func (t *taps) alongRow(dst, src []uint8) {
	for x := range t.out {
		in := src[t.from[x]*3:][:t.n[x]*3]
		var r, g, b int32 = 1 << 21, 1 << 21, 1 << 21
		for _, k := range t.weights[x*t.most:][:t.n[x]] {
			r, g, b = r+int32(in[0])*k, g+int32(in[1])*k, b+int32(in[2])*k
			in = in[3:]
		}
		out := dst[x*3:][:3]
		out[0], out[1], out[2] = clip22(r), clip22(g), clip22(b)
	}
}

func (t *taps) acrossRows(dst []uint8, y int, s *Sample) {
	t.sums = slices.Grow(t.sums[:0], len(dst))[:len(dst)]
	for i := range t.sums {
		t.sums[i] = 1 << 21
	}
	for i, k := range t.weights[y*t.most:][:t.n[y]] {
		for x, v := range s.row(t.from[y] + i)[:len(dst)] {
			t.sums[x] += int32(v) * k
		}
	}
	for i, v := range t.sums {
		dst[i] = clip22(v)
	}
}

func clip22(v int32) uint8 { return uint8(max(0, min(255, v>>22))) }
