package draw

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Ratios compares two numbers above 0 of each thing, as predicted and
// measured: named points on two logarithmic axes of the same range, and the
// line on which both are equal.
type Ratios struct {
	Title, XLabel, YLabel string
	Names                 []string
	X, Y                  []float64
	Line                  string // what the line y = x means
	Alt                   string
}

const (
	ratioSide  = 500 // of the plot's area
	maxRatios  = 40
	labelTries = 6 // rings around a point on which its name is tried
)

// Draw makes the picture.
func (r Ratios) Draw() (*Picture, error) { return Beside(r) }

// Layout checks the data and gives the size, as a Panel does.
func (r Ratios) Layout() (width, height float64, err error) {
	n := len(r.X)
	if n == 0 || len(r.Y) != n || len(r.Names) != n {
		return 0, 0, fmt.Errorf("draw: %q has %d x, %d y and %d names", r.Title, n, len(r.Y), len(r.Names))
	}
	if n > maxRatios {
		return 0, 0, fmt.Errorf("draw: %q has %d points, more than %d", r.Title, n, maxRatios)
	}
	for i := range n {
		for _, v := range []float64{r.X[i], r.Y[i]} {
			if !(v >= 1e-9 && v <= 1e9) {
				return 0, 0, fmt.Errorf("draw: %q: point %d (%s) is at %g, %g; both must be from 1e-9 to 1e9", r.Title, i, r.Names[i], r.X[i], r.Y[i])
			}
		}
	}
	return ratioSide + 90, ratioSide + heading(r.Title) + 56, nil
}

// limits are the powers of ten of the ends of both axes.
func (r Ratios) limits() (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for i := range r.X {
		for _, v := range []float64{r.X[i], r.Y[i]} {
			lo, hi = min(lo, math.Log10(v)), max(hi, math.Log10(v))
		}
	}
	if hi-lo < 0.6 {
		middle := (lo + hi) / 2
		lo, hi = middle-0.3, middle+0.3
	}
	room := 0.08 * (hi - lo)
	return lo - room, hi + room
}

// logTicks are 1, 2, 5, 10, … between powers of ten, or powers alone when
// there are many.
func logTicks(lo, hi float64) []float64 {
	steps := []float64{1, 2, 5}
	if hi-lo > 3.5 {
		steps = steps[:1]
	}
	var at []float64
	for e := math.Floor(lo); e <= hi; e++ {
		for _, k := range steps {
			if v := k * math.Pow(10, e); math.Log10(v) >= lo && math.Log10(v) <= hi {
				at = append(at, v)
			}
		}
	}
	return at
}

// Paint draws the chart at x, y, as a Panel does.
func (r Ratios) Paint(c *Canvas, x, y float64) {
	width, height, _ := r.Layout()
	paintTitle(c, x, y, width, r.Title)
	lo, hi := r.limits()
	left, top := x+72, y+heading(r.Title)
	right, bottom := left+ratioSide, top+ratioSide
	px := func(v float64) float64 { return left + (math.Log10(v)-lo)/(hi-lo)*ratioSide }
	py := func(v float64) float64 { return bottom - (math.Log10(v)-lo)/(hi-lo)*ratioSide }
	for _, v := range logTicks(lo, hi) {
		text := strconv.FormatFloat(v, 'g', 3, 64)
		c.Line(px(v), top, px(v), bottom, Style{Stroke: Edge})
		c.Text(px(v), bottom+16, text, Text{Size: 11, Color: Grey, Anchor: Middle})
		c.Line(left, py(v), right, py(v), Style{Stroke: Edge})
		c.Text(left-7, py(v)+4, text, Text{Size: 11, Color: Grey, Anchor: End})
	}
	c.Line(left, bottom, right, bottom, Style{Stroke: Grey})
	c.Line(left, top, left, bottom, Style{Stroke: Grey})
	c.Text((left+right)/2, y+height-10, Fit(r.XLabel, 12, false, ratioSide), Text{Color: Grey, Anchor: Middle})
	c.Text(x+24, (top+bottom)/2, Fit(r.YLabel, 12, false, ratioSide), Text{Color: Grey, Anchor: Middle, Up: true})
	c.Line(left, bottom, right, top, Style{Stroke: Orange, Width: 1.5, Dash: 6})
	places := places{area: box{left + 4, top + 4, right - 4, bottom - 4}, line: point{left, bottom}}
	for i := range r.X {
		places.points = append(places.points, point{px(r.X[i]), py(r.Y[i])})
	}
	// What the line means stands in the corner where things are faster than
	// predicted, which are few.
	if note := Fit(r.Line, 11, false, ratioSide/2); note != "" {
		w := Width(note, 11, false)
		at := box{right - w - 40, bottom - 24, right - 8, bottom - 8}
		places.taken = append(places.taken, at)
		c.Line(at.x0, bottom-15, at.x0+24, bottom-15, Style{Stroke: Orange, Width: 1.5, Dash: 6})
		c.Text(at.x0+32, bottom-11, note, Text{Size: 11})
	}
	for i, p := range places.points {
		name := Fit(r.Names[i], 11, false, 200)
		at := places.find(i, Width(name, 11, false))
		places.taken = append(places.taken, at)
		if end := at.near(p); math.Hypot(end.x-p.x, end.y-p.y) > 12 {
			c.Line(p.x, p.y, end.x, end.y, Style{Stroke: Grey})
		}
		c.Text(at.x0, at.y1-3, name, Text{Size: 11})
	}
	for _, p := range places.points {
		c.Circle(p.x, p.y, 4.5, Style{Fill: Blue, Stroke: Card})
	}
}

// box is a rectangle.
type box struct{ x0, y0, x1, y1 float64 }

func (b box) meets(o box) bool { return b.x0 < o.x1 && o.x0 < b.x1 && b.y0 < o.y1 && o.y0 < b.y1 }

// near is the point of the box that is nearest to p.
func (b box) near(p point) point {
	return point{min(max(p.x, b.x0), b.x1), min(max(p.y, b.y0), b.y1)}
}

// places finds room for names beside points.
type places struct {
	area   box
	line   point // the lower left end of the line y = x
	points []point
	taken  []box
}

func (s *places) free(b box, own int) bool {
	if b.x0 < s.area.x0 || b.x1 > s.area.x1 || b.y0 < s.area.y0 || b.y1 > s.area.y1 {
		return false
	}
	for _, o := range s.taken {
		if b.meets(o) {
			return false
		}
	}
	for i, p := range s.points {
		if b.meets(box{p.x - 6, p.y - 6, p.x + 6, p.y + 6}) && i != own {
			return false
		}
	}
	return true
}

// crosses tells whether the line y = x goes through the box.
func (s *places) crosses(b box) bool {
	below := func(x, y float64) bool { return y-s.line.y > s.line.x-x }
	return below(b.x0, b.y0) != below(b.x1, b.y1)
}

// clear tells whether the way from one point to another goes through no name.
func (s *places) clear(from, to point) bool {
	for t := 0.0; t <= 1; t += 1.0 / 16 {
		x, y := from.x+t*(to.x-from.x), from.y+t*(to.y-from.y)
		for _, o := range s.taken {
			if x > o.x0 && x < o.x1 && y > o.y0 && y < o.y1 {
				return false
			}
		}
	}
	return true
}

// find is the first free place for a name of that width around point i, on
// ever wider rings, off the line and with a clear way to it if it can be;
// beside the point if there is none.
func (s *places) find(i int, width float64) box {
	const height = 14
	p := s.points[i]
	at := func(dx, dy float64) box { // the box's nearest point lies at p + (dx, dy)
		b := box{p.x + dx, p.y + dy - height/2, p.x + dx + width, p.y + dy + height/2}
		switch {
		case dx < -1e-9:
			b.x0, b.x1 = b.x0-width, b.x1-width
		case dx < 1e-9:
			b.x0, b.x1 = b.x0-width/2, b.x1-width/2
		}
		return b
	}
	for _, anywhere := range []bool{false, true} {
		for ring := range labelTries {
			d := 8 + 14*float64(ring)
			for _, turn := range []float64{0, 180, 30, -30, 150, -150, 60, -60, 120, -120, 90, -90} {
				sin, cos := math.Sincos(turn * math.Pi / 180)
				if math.Abs(cos) < 0.01 {
					cos, sin = 0, sin*1.2
				}
				if b := at(d*cos, -(d+4)*sin); s.free(b, i) && (anywhere || !s.crosses(b) && s.clear(p, b.near(p))) {
					return b
				}
			}
		}
	}
	return at(8, 0)
}

// Words describe the chart, as those of a Panel do.
func (r Ratios) Words() string {
	if r.Alt != "" {
		return r.Alt
	}
	parts := []string{r.Title + ": " + r.XLabel + ", " + r.YLabel + "."}
	for i, name := range r.Names {
		parts = append(parts, fmt.Sprintf("%s %s, %s.", name, short(r.X[i]), short(r.Y[i])))
	}
	return strings.Join(parts, " ")
}
