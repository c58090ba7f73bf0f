package draw

import (
	"math"
)

// axes maps data to the picture: the plot's area in pixels and in numbers.
type axes struct {
	x, left, right, top, bottom float64
	x0, x1, y0, y1              float64
}

func (a *axes) px(v float64) float64 {
	return a.left + (v-a.x0)/(a.x1-a.x0)*(a.right-a.left)
}

func (a *axes) py(v float64) float64 {
	return a.bottom - (v-a.y0)/(a.y1-a.y0)*(a.bottom-a.top)
}

// grid draws both axes of a line chart.
func (a *axes) grid(c *Canvas, l Lines) {
	a.reserve(l.WholeX)
	a.yTicks(c, l.YLabel, l.Percent)
	// Points keep a distance from the frame.
	a.left += 8
	a.xTicks(c, l.WholeX, true)
	c.Line(a.left-8, a.bottom, a.right, a.bottom, Style{Stroke: Grey})
	c.Line(a.left-8, a.top, a.left-8, a.bottom, Style{Stroke: Grey})
}

// yTicks draws the Y axis and its lines, and sets left so that labels fit.
func (a *axes) yTicks(c *Canvas, label string, percent bool) {
	factor, unit := 1.0, ""
	if percent {
		factor, unit = 100, " %"
	}
	ys, decimals := ticks(a.y0*factor, a.y1*factor, max(2, int((a.bottom-a.top)/45)), false)
	labels, widest := make([]string, len(ys)), 0.0
	for i, v := range ys {
		labels[i] = tickText(v, decimals) + unit
		widest = max(widest, Width(labels[i], 11, false))
	}
	a.left = a.x + 16 + widest + 8
	if label != "" {
		a.left += 18
		c.Text(a.x+20, (a.top+a.bottom)/2, Fit(label, 12, false, math.Max(a.bottom-a.top, 40)), Text{Color: Grey, Anchor: Middle, Up: true})
	}
	for i, v := range ys {
		y := a.py(v / factor)
		c.Line(a.left, y, a.right, y, Style{Stroke: Edge})
		c.Text(a.left-7, y+4, labels[i], Text{Size: 11, Color: Grey, Anchor: End})
	}
}

// reserve keeps the last label of the X axis inside the panel.
func (a *axes) reserve(whole bool) {
	a.right = min(a.right, a.right+12-a.widestX(whole)/2)
}

func (a *axes) widestX(whole bool) float64 {
	xs, decimals := ticks(a.x0, a.x1, 3, whole)
	widest := 12.0
	for _, v := range xs {
		widest = max(widest, Width(tickText(v, decimals), 11, false))
	}
	return widest
}

// xTicks draws the X axis's labels, as many as fit.
func (a *axes) xTicks(c *Canvas, whole, lines bool) {
	xs, decimals := ticks(a.x0, a.x1, max(2, int((a.right-a.left)/(a.widestX(whole)+24))), whole)
	for _, v := range xs {
		x := a.px(v)
		if lines {
			c.Line(x, a.top, x, a.bottom, Style{Stroke: Edge})
		} else {
			c.Line(x, a.bottom, x, a.bottom+4, Style{Stroke: Grey})
		}
		c.Text(x, a.bottom+16, tickText(v, decimals), Text{Size: 11, Color: Grey, Anchor: Middle})
	}
}

// series draws a line with gaps where numbers are missing; of very many
// points the lowest and highest of each pixel column.
func (a *axes) series(c *Canvas, s Series) {
	width, dash := 2.2, 0.0
	if s.Dash {
		dash = 5
	}
	var xs, ys []float64
	flush := func() {
		if len(xs) > 1 && !s.NoLine {
			c.Polyline(xs, ys, Style{Stroke: s.Color, Width: width, Dash: dash})
		}
		if len(xs) == 1 || s.NoLine || s.Marker && len(s.Y) <= fewPoints {
			for i := range xs {
				c.Circle(xs[i], ys[i], 4, Style{Fill: s.Color})
			}
		}
		xs, ys = nil, nil
	}
	columns := int(a.right-a.left) + 1
	thin := len(s.Y) > 4*columns
	last := math.Inf(-1)
	for i, y := range s.Y {
		x := s.x(i)
		if !usable(x) || !usable(y) {
			flush()
			continue
		}
		px, py := a.px(x), a.py(y)
		n := len(xs)
		if thin && n >= 3 && math.Floor(px) == last {
			// The column has its entry point, its lowest and its highest.
			ys[n-2], ys[n-1] = min(ys[n-2], py), max(ys[n-1], py)
			continue
		}
		xs, ys = append(xs, px), append(ys, py)
		if thin {
			last = math.Floor(px)
			xs, ys = append(xs, px, px), append(ys, py, py)
		}
	}
	flush()
}
