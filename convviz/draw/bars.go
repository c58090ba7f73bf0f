package draw

import (
	"fmt"
	"image/color"
	"slices"
)

// Bars is a bar chart of categories, or of a histogram when Hi is above Lo:
// then bar i stands for values from Lo+i·(Hi−Lo)/n on.
type Bars struct {
	Title, XLabel, YLabel string
	Labels                []string // of the categories; nil for a histogram
	Values                []float64
	Lo, Hi                float64
	Top                   float64 // of the Y axis; 0: the highest bar. Panels to compare share it.
	Percent               bool    // Values are shares
	Color                 color.Color
	Width, Height         float64
	Alt                   string
}

// Draw makes the picture.
func (b Bars) Draw() (*Picture, error) { return Beside(b) }

// Layout checks the data and gives the size, as a Panel does.
func (b Bars) Layout() (width, height float64, err error) {
	width, height = b.Width, b.Height
	if width == 0 {
		width = 480
	}
	if height == 0 {
		height = 280
	}
	switch {
	case len(b.Values) == 0:
		return 0, 0, fmt.Errorf("draw: %q has no bars", b.Title)
	case len(b.Values) > 2000:
		return 0, 0, fmt.Errorf("draw: %q has %d bars, more than 2000", b.Title, len(b.Values))
	case b.Labels != nil && len(b.Labels) != len(b.Values):
		return 0, 0, fmt.Errorf("draw: %q has %d labels for %d bars", b.Title, len(b.Labels), len(b.Values))
	case b.Labels == nil && !(b.Hi > b.Lo && usable(b.Hi) && usable(b.Lo)):
		return 0, 0, fmt.Errorf("draw: %q has neither labels nor a range, got %g to %g", b.Title, b.Lo, b.Hi)
	case width < 120 || height < 120:
		return 0, 0, fmt.Errorf("draw: a bar chart needs at least 120 x 120, got %g x %g", width, height)
	}
	for i, v := range b.Values {
		if !(v >= 0 && usable(v)) {
			return 0, 0, fmt.Errorf("draw: bar %d of %q is %g, should be a number from 0 on", i, b.Title, v)
		}
	}
	return width, height, nil
}

// Paint draws the chart at x, y, as a Panel does.
func (b Bars) Paint(c *Canvas, x, y float64) {
	width, height, _ := b.Layout()
	paintTitle(c, x, y, width, b.Title)
	fillColor := b.Color
	if fillColor == nil {
		fillColor = Blue
	}
	top := max(b.Top, slices.Max(b.Values))
	if top == 0 {
		top = 1
	}
	a := axes{x: x, top: y + heading(b.Title) + 8, right: x + width - 16, bottom: y + height - 28, y0: 0, y1: top * 1.05}
	if b.XLabel != "" {
		a.bottom -= 18
	}
	longest := 0.0
	for _, s := range b.Labels {
		longest = max(longest, Width(s, 11, false))
	}
	slot := (width - 90) / float64(len(b.Values))
	up := b.Labels != nil && longest > slot-4
	if up {
		a.bottom -= min(longest, 90) - 8
	}
	if b.Labels == nil {
		a.x0, a.x1 = b.Lo, b.Hi
		a.reserve(false)
	}
	a.yTicks(c, b.YLabel, b.Percent)
	if b.Labels == nil {
		a.xTicks(c, false, false)
	}
	slot = (a.right - a.left) / float64(len(b.Values))
	if b.Labels == nil {
		b.steps(c, a, slot, fillColor)
	}
	for i, label := range b.Labels {
		left := a.left + float64(i)*slot
		if v := b.Values[i]; v > 0 {
			c.Rect(left+slot*0.15, a.py(v), slot*0.7, a.bottom-a.py(v), Style{Fill: fillColor})
		}
		if up {
			c.Text(left+slot/2+4, a.bottom+6, Fit(label, 11, false, 90), Text{Size: 11, Color: Grey, Anchor: End, Up: true})
		} else {
			c.Text(left+slot/2, a.bottom+16, label, Text{Size: 11, Color: Grey, Anchor: Middle})
		}
	}
	c.Line(a.left, a.bottom, a.right, a.bottom, Style{Stroke: Grey})
	c.Text((a.left+a.right)/2, y+height-12, Fit(b.XLabel, 12, false, a.right-a.left), Text{Color: Grey, Anchor: Middle})
}

// steps draws a histogram as one shape, so that no seams show between bars.
func (b Bars) steps(c *Canvas, a axes, slot float64, ground color.Color) {
	xs, ys := []float64{a.left}, []float64{a.bottom}
	for i, v := range b.Values {
		left := a.left + float64(i)*slot
		xs, ys = append(xs, left, left+slot), append(ys, a.py(v), a.py(v))
	}
	c.Polygon(append(xs, a.right), append(ys, a.bottom), Style{Fill: ground})
}

// Words describe the chart, as those of a Panel do.
func (b Bars) Words() string {
	if b.Alt != "" {
		return b.Alt
	}
	parts := make([]string, len(b.Values))
	for i, v := range b.Values {
		if b.Labels != nil {
			parts[i] = b.Labels[i] + " " + short(v)
			continue
		}
		step := (b.Hi - b.Lo) / float64(len(b.Values))
		parts[i] = short(b.Lo+float64(i)*step) + "–" + short(b.Lo+float64(i+1)*step) + " " + short(v)
	}
	return titled(b.Title, parts)
}
