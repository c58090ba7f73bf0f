package draw

import (
	"fmt"
	"math"
)

// DotRow is a row of Dots: what was measured several times.
type DotRow struct {
	Group, Name string // the group is written at its first row
	Values      []float64
	Mean        float64
	Spread      float64 // a standard deviation
}

// Dots is a chart with a row for each thing that was measured several times: a
// dot for each value, a bar at the mean, and a line as long as the spread to
// each side.
type Dots struct {
	Title, XLabel string
	Rows          []DotRow
	Percent       bool // Values are shares
	Width         float64
	Alt           string
}

const dotsRow = 22 // height of a row

// Draw makes the picture.
func (d Dots) Draw() (*Picture, error) { return Beside(d) }

// Layout checks the data and gives the size, as a Panel does.
func (d Dots) Layout() (width, height float64, err error) {
	width = d.Width
	if width == 0 {
		width = 720
	}
	if len(d.Rows) == 0 || len(d.Rows) > 200 || width < 320 {
		return 0, 0, fmt.Errorf("draw: %q needs 1 to 200 rows and a width of at least 320, got %d and %g", d.Title, len(d.Rows), width)
	}
	for _, r := range d.Rows {
		if len(r.Values) == 0 || len(r.Values) > 200 {
			return 0, 0, fmt.Errorf("draw: row %q of %q needs 1 to 200 values, got %d", r.Name, d.Title, len(r.Values))
		}
		for _, v := range append([]float64{r.Mean, r.Spread}, r.Values...) {
			if !usable(v) {
				return 0, 0, fmt.Errorf("draw: row %q of %q has the value %g", r.Name, d.Title, v)
			}
		}
	}
	return width, heading(d.Title) + float64(len(d.Rows))*dotsRow + 56, nil
}

// Paint draws the chart at x, y, as a Panel does.
func (d Dots) Paint(c *Canvas, x, y float64) {
	width, height, _ := d.Layout()
	paintTitle(c, x, y, width, d.Title)
	groups, names := 0.0, 0.0
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, r := range d.Rows {
		groups, names = max(groups, Width(r.Group, 12, true)), max(names, Width(r.Name, 12, false))
		mean, std := r.Mean, r.Spread
		lo, hi = min(lo, mean-std), max(hi, mean+std)
		for _, v := range r.Values {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	if hi == lo {
		lo, hi = lo-0.5, hi+0.5
	}
	factor, unit := 1.0, ""
	if d.Percent {
		factor, unit = 100, " %"
	}
	margin := (hi - lo) * 0.05
	groups, names = min(groups, width/4), min(names, width/3)
	a := axes{x: x, left: x + 16 + groups + 16 + names + 14, right: x + width - 28, top: y + heading(d.Title), x0: (lo - margin) * factor, x1: (hi + margin) * factor}
	a.bottom = a.top + float64(len(d.Rows))*dotsRow + 4
	xs, decimals := ticks(a.x0, a.x1, max(2, int((a.right-a.left)/80)), false)
	for _, v := range xs {
		c.Line(a.px(v), a.top, a.px(v), a.bottom, Style{Stroke: Edge})
		c.Text(a.px(v), a.bottom+16, tickText(v, decimals)+unit, Text{Size: 11, Color: Grey, Anchor: Middle})
	}
	for i, r := range d.Rows {
		middle := a.top + (float64(i)+0.5)*dotsRow
		if i == 0 || d.Rows[i-1].Group != r.Group {
			if i > 0 {
				c.Line(x+16, middle-dotsRow/2, a.right, middle-dotsRow/2, Style{Stroke: Edge})
			}
			c.Text(x+16, middle+4, Fit(r.Group, 12, true, groups), Text{Size: 12, Bold: true})
		}
		c.Text(a.left-14, middle+4, Fit(r.Name, 12, false, names), Text{Size: 12, Anchor: End})
		mean, std := r.Mean, r.Spread
		c.Line(a.px((mean-std)*factor), middle, a.px((mean+std)*factor), middle, Style{Stroke: Blue, Width: 2})
		c.Line(a.px(mean*factor), middle-7, a.px(mean*factor), middle+7, Style{Stroke: Blue, Width: 3})
		for _, v := range r.Values {
			c.Circle(a.px(v*factor), middle, 3.5, Style{Fill: Orange})
		}
	}
	c.Line(a.left, a.bottom, a.right, a.bottom, Style{Stroke: Grey})
	c.Text((a.left+a.right)/2, y+height-10, Fit(d.XLabel, 12, false, a.right-a.left), Text{Color: Grey, Anchor: Middle})
}

// Words describe the chart, as those of a Panel do.
func (d Dots) Words() string {
	if d.Alt != "" {
		return d.Alt
	}
	words := d.Title + "."
	for _, r := range d.Rows {
		mean, std := r.Mean, r.Spread
		words += fmt.Sprintf(" %s %s: %s ± %s.", r.Group, r.Name, short(mean), short(std))
	}
	return words
}
