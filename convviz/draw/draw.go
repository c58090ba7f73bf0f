// Package draw makes pictures from plain numbers: one Canvas, drawn once,
// gives the same picture as SVG and as PNG. It knows neither networks nor
// notebooks.
//
//	p, err := draw.Lines{Title: "Training Loss", Series: series}.Draw()
//	os.WriteFile("loss.svg", []byte(p.SVG), 0o644)
//
// Charts (Lines, Bars, Dots, Matrix, Gallery, Boxes, Flow, Table) check their
// data before they draw and return an error or a picture, never a panic; Beside
// puts several into one picture, and Film makes steps of pictures. Lengths are CSS
// pixels, y grows downwards. Every picture lies on an opaque light card, so
// that it reads on a light and on a dark page, and uses one palette that
// colour-blind readers can tell apart.
package draw

import (
	"fmt"
	"image"
	"image/color"
	"math"
)

// Style is how a shape looks. The zero value draws nothing; a Stroke with
// Width 0 is drawn 1 wide.
type Style struct {
	Fill   color.Color // nil: not filled
	Stroke color.Color // nil: no line
	Width  float64     // of the line
	Dash   float64     // length of dashes and of the gaps between them; 0: a whole line
}

// Anchor is the point of a text that its position names.
type Anchor int

// The anchors of a text.
const (
	Start Anchor = iota
	Middle
	End
)

// Text is how a text looks. The zero value is 12 high, regular, in Ink.
type Text struct {
	Size   float64 // 0 means 12
	Bold   bool
	Color  color.Color // nil means Ink
	Anchor Anchor
	Up     bool // turned to read upwards
}

type point struct{ x, y float64 }

type kind int

const (
	rectOp kind = iota
	lineOp
	polygonOp
	circleOp
	textOp
	imageOp
)

// op is one shape.
type op struct {
	kind   kind
	points []point // rectOp, imageOp: two corners; circleOp, textOp: one point
	radius float64 // circleOp; rectOp: of the corners
	style  Style
	text   string
	font   Text
	img    image.Image
	show   during
}

// during is the animation frames, from first to last, in which a shape is
// seen; a first of -1 means all.
type during struct{ from, to int }

var always = during{-1, -1}

func (d during) in(frame int) bool { return d == always || d.from <= frame && frame <= d.to }

// Canvas collects shapes. Make one with New.
type Canvas struct {
	width, height float64
	ops           []op
	show          during
	frames        int
	err           error
}

// maxSide bounds a picture's width and height.
const maxSide = 4000

// New gives an empty canvas with its card. Sizes outside 1 to 4000 are
// reported by Picture.
func New(width, height float64) *Canvas {
	c := &Canvas{width: math.Ceil(width), height: math.Ceil(height), show: always}
	if !(width >= 1 && width <= maxSide && height >= 1 && height <= maxSide) {
		c.err = fmt.Errorf("draw: a picture of %g x %g is not from 1 to %d on each side", width, height, maxSide)
		c.width, c.height = 1, 1
	}
	c.Round(0.5, 0.5, c.width-1, c.height-1, 6, Style{Fill: Card, Stroke: Edge})
	return c
}

// Size is the canvas's width and height.
func (c *Canvas) Size() (width, height float64) { return c.width, c.height }

// InFrame runs paint; what it draws is seen in animation frame i alone. What
// is drawn otherwise is seen in all frames.
func (c *Canvas) InFrame(i int, paint func()) { c.During(i, i, paint) }

// During runs paint; what it draws is seen in the animation frames from first
// to last.
func (c *Canvas) During(first, last int, paint func()) {
	if first < 0 || last < first || last >= maxFrames {
		if c.err == nil {
			c.err = fmt.Errorf("draw: frames %d to %d are not from 0 to below %d", first, last, maxFrames)
		}
		return
	}
	before := c.show
	c.show = during{first, last}
	c.frames = max(c.frames, last+1)
	paint()
	c.show = before
}

// maxFrames bounds the frames of an animation.
const maxFrames = 1000

func (c *Canvas) add(o op) {
	for _, p := range o.points {
		if !(math.Abs(p.x) < 1e6 && math.Abs(p.y) < 1e6) && c.err == nil { // NaN too
			c.err = fmt.Errorf("draw: a shape at %g, %g", p.x, p.y)
		}
	}
	if !(math.Abs(o.radius) < 1e6) && c.err == nil {
		c.err = fmt.Errorf("draw: a circle of radius %g", o.radius)
	}
	o.show = c.show
	c.ops = append(c.ops, o)
}

// Rect draws a rectangle with its top left corner at x, y.
func (c *Canvas) Rect(x, y, w, h float64, s Style) { c.Round(x, y, w, h, 0, s) }

// Round draws a rectangle with round corners.
func (c *Canvas) Round(x, y, w, h, radius float64, s Style) {
	c.add(op{kind: rectOp, points: []point{{x, y}, {x + w, y + h}}, radius: min(radius, w/2, h/2), style: s})
}

// Line draws a straight line.
func (c *Canvas) Line(x1, y1, x2, y2 float64, s Style) {
	c.Polyline([]float64{x1, x2}, []float64{y1, y2}, s)
}

// Polyline draws a line through the points (xs[i], ys[i]); it is neither closed
// nor filled.
func (c *Canvas) Polyline(xs, ys []float64, s Style) {
	s.Fill = nil
	c.add(op{kind: lineOp, points: zip(xs, ys), style: s})
}

// Polygon draws a closed shape.
func (c *Canvas) Polygon(xs, ys []float64, s Style) {
	c.add(op{kind: polygonOp, points: zip(xs, ys), style: s})
}

// Circle draws a circle around x, y.
func (c *Canvas) Circle(x, y, radius float64, s Style) {
	c.add(op{kind: circleOp, points: []point{{x, y}}, radius: radius, style: s})
}

// Text writes s with its baseline at y.
func (c *Canvas) Text(x, y float64, s string, f Text) {
	if s == "" {
		return
	}
	if f.Size == 0 {
		f.Size = 12
	}
	if f.Color == nil {
		f.Color = Ink
	}
	s = clean(s)
	if _, latin := hasAll(s, f.Bold); !latin {
		f.Bold = false // Chinese has one weight here; two in one line look broken
	}
	c.add(op{kind: textOp, points: []point{{x, y}}, text: s, font: f})
}

// Image draws img into a rectangle, every pixel a sharp square.
func (c *Canvas) Image(x, y, w, h float64, img image.Image) {
	if img == nil || img.Bounds().Empty() {
		return
	}
	c.add(op{kind: imageOp, points: []point{{x, y}, {x + w, y + h}}, img: img})
}

func zip(xs, ys []float64) []point {
	points := make([]point, min(len(xs), len(ys)))
	for i := range points {
		points[i] = point{xs[i], ys[i]}
	}
	return points
}

// clean replaces what XML 1.0 cannot hold, and line ends.
func clean(s string) string {
	out := []rune(s)
	for i, r := range out {
		switch {
		case r == '\n' || r == '\t' || r == '\r':
			out[i] = ' '
		case r < 0x20 || r == 0xfffe || r == 0xffff:
			out[i] = '\ufffd'
		}
	}
	return string(out)
}
