package draw

import "math"

// flowPainter paints the steps of a Flow; scale is the pixels of a card's map
// for one of the map.
type flowPainter struct {
	*Canvas
	scale float64
}

var flowLine = Style{Stroke: Grey, Width: 1.3}

// column paints steps from y on; a line leads to the first from the height
// from. It gives the height where the line that leads on starts.
func (p flowPainter) column(col column, x, y, from float64) float64 {
	for _, s := range col.steps {
		from = p.step(s, x, y, from)
		y += s.height + flowGap
	}
	return from
}

func (p flowPainter) step(s *placed, x, y, from float64) float64 {
	switch {
	case len(s.Lanes) > 0:
		return p.fork(s, x, y, from)
	case len(s.Framed) > 0:
		p.Round(x-s.left, y, s.left+s.right, s.height, 6, Style{Stroke: Faint, Dash: 3})
		p.Text(x-s.left+frameEdge, y+textLine, Fit(s.Name, 11, false, maxText), Text{Size: 11, Color: Grey})
		return p.column(s.lanes[0], x, y+frameEdge+textLine, from)
	}
	if from < y {
		p.Line(x, from, x, y-3, flowLine)
		p.tip(x, y, 1)
	}
	p.card(s, x, y)
	return y + s.height
}

// tip is the head of an arrow that ends at y, downwards (1) or upwards (-1).
func (p flowPainter) tip(x, y, way float64) {
	p.Polygon([]float64{x - 3.5, x + 3.5, x}, []float64{y - 7*way, y - 7*way, y - way}, Style{Fill: Grey})
}

// fork paints lanes that part at a dot and meet at a sign.
func (p flowPainter) fork(s *placed, x, y, from float64) float64 {
	part, meet := y+4, y+s.height-s.signHeight()-8
	p.Line(x, from, x, part, flowLine)
	first, last := x+min(s.axes[0], 0), x+max(s.axes[len(s.axes)-1], 0)
	p.Line(first, part, last, part, flowLine)
	p.Circle(x, part, 2.5, Style{Fill: Grey})
	for i, lane := range s.lanes {
		at := x + s.axes[i]
		p.Line(at, p.column(lane, at, y+fork, part), at, meet, flowLine)
	}
	p.Line(first, meet, last, meet, flowLine)
	p.Line(x, meet, x, meet+8, flowLine)
	p.sign(s.FlowStep, x, meet+8+signSide/2)
	return meet + 8 + signSide
}

// sign is a circle around x, y with what is said of it to its right.
func (p flowPainter) sign(s FlowStep, x, y float64) {
	p.Circle(x, y, signSide/2, Style{Fill: Card, Stroke: Orange, Width: 1.5})
	p.Text(x, y+4.5, s.Sign, Text{Size: 13, Bold: true, Anchor: Middle})
	left, base := x+signSide/2+8, y-signSide/2+textLine
	p.Text(left, base, Fit(s.Name, 12, true, maxText), Text{Bold: true})
	p.lines(s.Lines, left, base, maxText)
}

// lines writes texts under each other, below base.
func (p flowPainter) lines(lines []string, x, base, width float64) {
	for i, line := range lines {
		p.Text(x, base+textLine*float64(i+1), Fit(line, 11, false, width), Text{Size: 11, Color: Grey})
	}
}

func (p flowPainter) card(s *placed, x, y float64) {
	left, width, height := x-s.left, 2*s.left, s.height
	fill, line := Tint(Blue, 0.08), Blue
	if s.flat() {
		fill, line = Tint(Yellow, 0.12), Yellow
	}
	if s.Pile {
		height -= pile
		for _, d := range []float64{pile, pile / 2} {
			p.Round(left+d, y+d, width, height, 5, Style{Fill: fill, Stroke: line})
		}
	}
	p.Round(left, y, width, height, 5, Style{Fill: fill, Stroke: line})
	p.glyph(s.Box, left+glyphArea/2, y+height/2, line)
	text, base := left+glyphArea, y+(height-textLine*float64(len(s.Lines)+1))/2+textLine-3
	p.Text(text, base, Fit(s.Name, 12, true, maxText), Text{Bold: true})
	p.Text(left+width-7, base, Fit(s.Mark, 10, false, maxText), Text{Size: 10, Color: Grey, Anchor: End})
	p.lines(s.Lines, text, base, maxText)
}

// glyph is the volume small: a map in true size against the others, with
// sheets behind it for its channels; features are a column.
func (p flowPainter) glyph(b Box, x, y float64, line Color) {
	w, h := 5.0, max(6, min(glyphSide+6, 3*math.Log2(float64(max(b.Height, 1))+1)))
	if !b.flat() {
		w, h = max(p.scale*float64(b.Width), 1.5), max(p.scale*float64(b.Height), 1.5)
	}
	const sheet = 1.1
	behind := sheet * float64(b.sheets()-1)
	x, y = x-(w+behind)/2, y-(h-behind)/2
	for i := b.sheets() - 1; i >= 0; i-- {
		d := sheet * float64(i)
		p.Rect(x+d, y-d, w, h, Style{Fill: Tint(line, 0.3), Stroke: line, Width: 0.6})
	}
}
