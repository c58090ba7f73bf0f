package augment

import (
	"fmt"
	"math"
	"slices"
	"strconv"
)

// RandomRotation turns the image around its centre by an angle drawn from
// Degrees, counter-clockwise. Pixels that come from outside have the colour
// Fill.
type RandomRotation struct {
	Degrees       Span          // {45} is −45 to 45, {from, to} a range; in degrees, must be given
	Interpolation Interpolation // Default: Nearest
	Expand        bool          // grow the picture so that all of the turned one fits
	Fill          RGB           // black
}

// Apply implements Transform; one draw.
func (t RandomRotation) Apply(s *Sample, r *Rand) error {
	if err := onBytes(s, t.check()); err != nil {
		return err
	}
	from, to := -t.Degrees[0], t.Degrees[0]
	if len(t.Degrees) == 2 {
		from, to = t.Degrees[0], t.Degrees[1]
	}
	return s.rotate(float64(r.Uniform(from, to)), t)
}

func (t RandomRotation) check() error {
	const name = "RandomRotation"
	switch {
	case len(t.Degrees) != 1 && len(t.Degrees) != 2:
		return &ParamError{name, fmt.Sprintf("Degrees has 1 or 2 values, got %d", len(t.Degrees))}
	case !t.Degrees.rising(-1e6, 1e6) || len(t.Degrees) == 1 && t.Degrees[0] < 0:
		return &ParamError{name, fmt.Sprintf("Degrees is a number not below 0 or a rising range, got %v", []float64(t.Degrees))}
	}
	return t.Interpolation.check(name)
}

func (t RandomRotation) String() string {
	expand, fill := "", ""
	if t.Expand {
		expand = ", expand=True"
	}
	if t.Fill != (RGB{}) {
		fill = ", fill=" + t.Fill.python()
	}
	return "RandomRotation(" + t.Degrees.python() + t.Interpolation.python(Nearest) + expand + fill + ")"
}

func (c RGB) python() string { return fmt.Sprintf("(%d, %d, %d)", c[0], c[1], c[2]) }

// matrix maps a place in the result, (x, y, 1), to one in the source:
// (m0·x+m1·y+m2, m3·x+m4·y+m5).
type matrix [6]float64

// at is written so that no processor fuses the products with the sums.
func (m *matrix) at(x, y float64) (float64, float64) {
	return float64(m[0]*x) + float64(m[1]*y) + m[2], float64(m[3]*x) + float64(m[4]*y) + m[5]
}

// rotate follows Pillow's Image.rotate (and, below it, Geometry.c).
func (s *Sample) rotate(angle float64, t RandomRotation) error {
	if angle = math.Mod(angle, 360); angle < 0 {
		angle += 360
	}
	switch {
	case angle == 0:
		return nil
	case angle == 180:
		s.flipX, s.flipY = !s.flipX, !s.flipY
		return nil
	case (angle == 90 || angle == 270) && (t.Expand || s.w == s.h):
		s.transpose()
		if angle == 90 {
			s.flipY = true
		} else {
			s.flipX = true
		}
		return nil
	}
	sin, cos := sincos(angle * (math.Pi / 180))
	m := matrix{round15(cos), round15(-sin), 0, round15(sin), round15(cos), 0}
	cx, cy := float64(s.w)/2, float64(s.h)/2
	m[2], m[5] = m.at(-cx, -cy)
	m[2] += cx
	m[5] += cy
	w, h := s.w, s.h
	if t.Expand {
		w, h = m.grown(s.w, s.h)
		m[2], m[5] = m.at(-float64(w-s.w)/2, -float64(h-s.h)/2)
	}
	if err := fits("RandomRotation", w, h); err != nil {
		return err
	}
	s.affine(&m, w, h, t.Interpolation.or(Nearest), t.Fill)
	return nil
}

// round15 is Python's round(v, 15).
func round15(v float64) float64 {
	var b [32]byte
	v, _ = strconv.ParseFloat(string(strconv.AppendFloat(b[:0], v, 'f', 15, 64)), 64)
	return v
}

// grown is the size that holds all of a turned picture of w by h pixels.
func (m *matrix) grown(w, h int) (int, int) {
	lowX, lowY, highX, highY := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for _, p := range [4][2]int{{0, 0}, {w, 0}, {w, h}, {0, h}} {
		x, y := m.at(float64(p[0]), float64(p[1]))
		lowX, highX = min(lowX, x), max(highX, x)
		lowY, highY = min(lowY, y), max(highY, y)
	}
	return int(math.Ceil(highX) - math.Floor(lowX)), int(math.Ceil(highY) - math.Floor(lowY))
}

// transpose swaps rows and columns.
func (s *Sample) transpose() {
	if !s.plain() {
		s.flatten()
	}
	b, dst := s.other(s.w * s.h * 3)
	for y := range s.h {
		for x, i := 0, y*s.w*3; x < s.w; x, i = x+1, i+3 {
			o := (x*s.h + y) * 3
			dst[o], dst[o+1], dst[o+2] = s.src[i], s.src[i+1], s.src[i+2]
		}
	}
	s.see(dst, s.h, s.w, b)
}

// turn is an affine map in 16.16 fixed point, from a pixel of the result to
// one of the source: x is a2+a0·x+a1·y, y is a5+a3·x+a4·y.
type turn struct {
	on                     bool
	a0, a1, a2, a3, a4, a5 int
	w, h                   int // of the source
	fill                   RGB
}

// affine makes the picture the one of w by h pixels that m takes from it.
func (s *Sample) affine(m *matrix, w, h int, by Interpolation, fill RGB) {
	if !s.plain() {
		s.flatten()
	}
	small := func(x, y int) bool {
		u, v := m.at(float64(x), float64(y))
		return math.Abs(u) < 32768 && math.Abs(v) < 32768
	}
	switch {
	case by == Nearest && (m[1] != 0 || m[3] != 0) && small(0, 0) && small(w, h) && small(0, h) && small(w, 0):
		fix := func(v float64) int { return int(math.Floor(v*65536 + 0.5)) }
		s.turn = turn{true, fix(m[0]), fix(m[1]), fix(m[2] + m[0]*0.5 + m[1]*0.5),
			fix(m[3]), fix(m[4]), fix(m[5] + m[3]*0.5 + m[4]*0.5), s.w, s.h, fill}
		s.w, s.h, s.cw, s.ch = w, h, w, h
	default:
		b, dst := s.other(w * h * 3)
		fillRGB(dst, fill)
		switch {
		case by == Nearest && m[1] == 0 && m[3] == 0:
			s.scaleNearest(dst, m, w, h)
		case by == Nearest:
			s.mapNearest(dst, m, w, h)
		default:
			s.mapSmooth(dst, m, w, h, by)
		}
		s.see(dst, w, h, b)
	}
}

// span is the pixels from, up to but not including to, of a row.
type span struct{ from, to int }

// settle does the rotation that was put off, of the pixels still seen. It goes
// through the result in strips as wide as a few cache lines of the source:
// along whole rows, which cross the source, each line would be fetched again
// for every row.
func (s *Sample) settle() {
	if !s.turn.on {
		return
	}
	t := s.turn
	s.turn.on = false
	place := func(x, y int) (u, v int) {
		return t.a2 + t.a1*(s.oy+y) + t.a0*(s.ox+x), t.a5 + t.a4*(s.oy+y) + t.a3*(s.ox+x)
	}
	b, dst := s.other(s.cw * s.ch * 3)
	s.spans = slices.Grow(s.spans[:0], s.ch)[:s.ch]
	for y := range s.spans {
		u, v := place(0, y)
		from, to := inside(u, t.a0, t.w<<16, s.cw)
		from2, to2 := inside(v, t.a3, t.h<<16, s.cw)
		from = max(from, from2)
		to = max(from, min(to, to2))
		s.spans[y] = span{from, to}
		row := dst[y*s.cw*3:][:s.cw*3]
		fillRGB(row[:from*3], t.fill)
		fillRGB(row[to*3:], t.fill)
	}
	const strip = 32
	for left := 0; left < s.cw; left += strip {
		for y, in := range s.spans {
			from, to := max(in.from, left), min(in.to, left+strip)
			if from < to {
				u, v := place(from, y)
				turnRow(dst[(y*s.cw+from)*3:(y*s.cw+to)*3], s.src, s.stride, u, v, t.a0, t.a3)
			}
		}
	}
	s.src, s.stride, s.ox, s.oy, s.buffer = dst, s.cw, 0, 0, b
}

// turnRow takes each pixel of row from (u, v) in src, which move by a0 and a3.
func turnRow(row, src []uint8, stride, u, v, a0, a3 int) {
	for ; len(row) >= 3; row = row[3:] {
		in := src[((v>>16)*stride+u>>16)*3:][:3]
		row[0], row[1], row[2] = in[0], in[1], in[2]
		u, v = u+a0, v+a3
	}
}

// inside gives the x in 0..n for which start+x·step is in 0..limit, upper
// bounds not included; where there is none, from and to are equal.
func inside(start, step, limit, n int) (from, to int) {
	switch {
	case step == 0 && start >= 0 && start < limit:
		return 0, n
	case step > 0 && start < limit:
		if start < 0 {
			from = (-start + step - 1) / step
		}
		to = (limit - start + step - 1) / step
	case step < 0 && start >= 0:
		if start >= limit {
			from = (start-limit)/-step + 1
		}
		to = start/-step + 1
	}
	return min(from, n), min(max(from, to), n)
}
