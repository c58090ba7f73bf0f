package draw

import (
	"fmt"
	"image/color"
	"math"
)

// Series is one line of a chart.
type Series struct {
	Name   string
	X      []float64 // nil: 1, 2, 3, …
	Y      []float64 // a gap where a number is not finite
	Color  color.Color
	Marker bool // a round marker on every point, while there are few
	Dash   bool
	NoLine bool // points alone, to compare two quantities
}

// Mark rings one point and names it in the legend.
type Mark struct {
	X, Y float64
	Name string
}

// Lines is a line chart. Lesson 3.8 draws its curves with it.
type Lines struct {
	Title, XLabel, YLabel string
	Series                []Series
	Marks                 []Mark
	WholeX                bool // ticks on whole numbers only, as for epochs
	Percent               bool // Y is a share: ticks are in percent
	Zero                  bool // the Y axis starts at 0 when nothing is below it
	Width, Height         float64
	Alt                   string // "": made from the numbers
}

// fewPoints is how many points a series may have to get markers.
const fewPoints = 60

// Draw makes the picture. A chart without one finite point is an error.
func (l Lines) Draw() (*Picture, error) { return Beside(l) }

func (l Lines) size() (width, height float64) {
	width, height = l.Width, l.Height
	if width == 0 {
		width = 480
	}
	if height == 0 {
		height = 320
	}
	return width, height
}

func (s Series) x(i int) float64 {
	if s.X == nil {
		return float64(i + 1)
	}
	return s.X[i]
}

// limits are the ranges of the axes.
func (l Lines) limits() (x0, x1, y0, y1 float64) {
	x0, y0 = math.Inf(1), math.Inf(1)
	x1, y1 = math.Inf(-1), math.Inf(-1)
	for _, s := range l.Series {
		for i, y := range s.Y {
			if x := s.x(i); usable(x) && usable(y) {
				x0, x1 = min(x0, x), max(x1, x)
				y0, y1 = min(y0, y), max(y1, y)
			}
		}
	}
	return x0, x1, y0, y1
}

// Layout checks the data and gives the size, as a Panel does.
func (l Lines) Layout() (width, height float64, err error) {
	width, height = l.size()
	if len(l.Series) == 0 {
		return 0, 0, fmt.Errorf("draw: %q has no series", l.Title)
	}
	for i, s := range l.Series {
		if s.X != nil && len(s.X) != len(s.Y) {
			return 0, 0, fmt.Errorf("draw: series %d (%s) has %d x and %d y", i, s.Name, len(s.X), len(s.Y))
		}
	}
	if x0, x1, _, _ := l.limits(); x0 > x1 {
		return 0, 0, fmt.Errorf("draw: %q has no finite point", l.Title)
	}
	if width < 200 || height < 150 {
		return 0, 0, fmt.Errorf("draw: a line chart needs at least 200 x 150, got %g x %g", width, height)
	}
	return width, height, nil
}

// Paint draws the chart at x, y, as a Panel does.
func (l Lines) Paint(c *Canvas, x, y float64) {
	width, height := l.size()
	paintTitle(c, x, y, width, l.Title)
	top := y + heading(l.Title)
	top = l.legend(c, x+16, top, width-32)
	a := axes{x: x, top: top + 6, right: x + width - 18, bottom: y + height - 30}
	if l.XLabel != "" {
		a.bottom -= 18
	}
	a.x0, a.x1, a.y0, a.y1 = l.limits()
	if l.Zero {
		a.y0 = min(a.y0, 0)
	}
	a.x0, a.x1 = widen(a.x0, a.x1)
	a.y0, a.y1 = widen(a.y0, a.y1)
	room := (a.y1 - a.y0) * 0.06
	if !(l.Zero && a.y0 == 0) {
		a.y0 -= room
	}
	a.y1 += room
	a.grid(c, l)
	c.Text((a.left+a.right)/2, y+height-12, Fit(l.XLabel, 12, false, a.right-a.left), Text{Color: Grey, Anchor: Middle})
	for i, s := range l.Series {
		if s.Color == nil {
			s.Color = Palette[i%len(Palette)]
		}
		a.series(c, s)
	}
	for _, m := range l.Marks {
		if usable(m.X) && usable(m.Y) {
			c.Circle(a.px(m.X), a.py(m.Y), 8, Style{Stroke: Ink, Width: 1.8})
		}
	}
}

// legend writes the names in rows and gives where they end.
func (l Lines) legend(c *Canvas, x, y, width float64) float64 {
	at := x
	place := func(name string) bool {
		need := Width(name, 12, false) + 34
		if at > x && at+need > x+width {
			at = x
			y += 18
		}
		return true
	}
	names := 0
	for i, s := range l.Series {
		if s.Name == "" || len(l.Series) == 1 && len(l.Marks) == 0 {
			continue
		}
		if s.Color == nil {
			s.Color = Palette[i%len(Palette)]
		}
		name := Fit(s.Name, 12, false, width-34)
		place(name)
		names++
		dash := 0.0
		if s.Dash {
			dash = 4
		}
		if !s.NoLine {
			c.Line(at, y+5, at+20, y+5, Style{Stroke: s.Color, Width: 2, Dash: dash})
		}
		if s.Marker || s.NoLine {
			c.Circle(at+10, y+5, 3.5, Style{Fill: s.Color})
		}
		c.Text(at+25, y+9, name, Text{})
		at += Width(name, 12, false) + 38
	}
	for _, m := range l.Marks {
		if m.Name == "" {
			continue
		}
		name := Fit(m.Name, 12, false, width-34)
		place(name)
		names++
		c.Circle(at+10, y+5, 6, Style{Stroke: Ink, Width: 1.8})
		c.Text(at+21, y+9, name, Text{})
		at += Width(name, 12, false) + 34
	}
	if names == 0 {
		return y
	}
	return y + 16
}

// Words describe the chart, as those of a Panel do.
func (l Lines) Words() string {
	if l.Alt != "" {
		return l.Alt
	}
	var parts []string
	for _, s := range l.Series {
		if lo, hi := span(math.Inf(1), math.Inf(-1), s.Y); lo <= hi {
			parts = append(parts, fmt.Sprintf("%s %s → %s [%s, %s]", s.Name, short(s.Y[0]), short(s.Y[len(s.Y)-1]), short(lo), short(hi)))
		}
	}
	for _, m := range l.Marks {
		parts = append(parts, m.Name)
	}
	return titled(fmt.Sprintf("%s (%s / %s)", l.Title, l.YLabel, l.XLabel), parts)
}

func short(v float64) string { return fmt.Sprintf("%.4g", v) }
