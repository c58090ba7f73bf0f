package convviz

import (
	"math"

	"convlab/convviz/draw"
)

// maxPlane bounds the rows and columns of what is drawn as planes, maxPlanes
// how many there may be.
const (
	maxPlane  = 15
	maxPlanes = 8
)

// fieldPlane is a layer's units that are seen, as a plane in perspective: rows
// from the back to the front.
type fieldPlane struct {
	name                 string
	x, y                 float64 // of the middle of its back edge
	rows, cols           [2]int  // first and last unit that is seen
	size                 [2]int  // of the whole layer
	cell, slantX, slantY float64
}

func (p fieldPlane) height() int     { return p.rows[1] - p.rows[0] + 1 }
func (p fieldPlane) width() int      { return p.cols[1] - p.cols[0] + 1 }
func (p fieldPlane) tall() float64   { return p.slantY * float64(p.height()) }
func (p fieldPlane) across() float64 { return p.cell*float64(p.width()) + p.slantX*float64(p.height()) }

// corner is where the unit of this row and column begins.
func (p fieldPlane) corner(row, col int) (x, y float64) {
	r, c := float64(row-p.rows[0]), float64(col-p.cols[0])
	return p.x + p.cell*(c-float64(p.width())/2) + p.slantX*(float64(p.height())/2-r), p.y + p.slantY*r
}

// area is the outline of units, both ends included.
func (p fieldPlane) area(rows, cols [2]int) (xs, ys []float64) {
	for _, at := range [][2]int{{rows[0], cols[0]}, {rows[0], cols[1] + 1}, {rows[1] + 1, cols[1] + 1}, {rows[1] + 1, cols[0]}} {
		x, y := p.corner(at[0], at[1])
		xs, ys = append(xs, x), append(ys, y)
	}
	return xs, ys
}

// seen says how many of the layer's units these are.
func (p fieldPlane) seen() string {
	return sayf("%s of %s", dims([]int{p.height(), p.width()}), dims(p.size[:]))
}

// fieldPlanes is ReceptiveField as planes one over the other, the last layer on top; nil
// if there are too many or they are too large.
func fieldPlanes(down, across *growth, size [2]int, note string) (*Picture, error) {
	n := len(down.layers)
	if n >= maxPlanes || len(across.layers) != n {
		return nil, nil
	}
	planes := []fieldPlane{{name: say("input"), rows: down.seen, cols: across.seen, size: size}}
	for i, l := range down.layers {
		planes = append(planes, fieldPlane{name: l.name, rows: l.seen, cols: across.layers[i].seen, size: [2]int{l.size, across.layers[i].size}})
	}
	most := 1
	for _, p := range planes {
		most = max(most, p.height(), p.width())
	}
	if most > maxPlane {
		return nil, nil
	}
	const left, right, between, top = 150.0, 130.0, 34.0, 50.0
	cell := math.Min(22, 250/float64(most))
	widest, y := 0.0, top
	for i := n; i >= 0; i-- {
		p := &planes[i]
		p.cell, p.slantX, p.slantY, p.y = cell, cell*0.5, cell*0.5, y
		y += p.tall() + between
		widest = max(widest, p.across())
	}
	width := max(left+widest+right, draw.Width(note, 12, false)+32)
	c := draw.New(width, y+16)
	c.Text(width/2, 26, draw.Fit(say("Growth of the receptive field"), 15, true, width-24), draw.Text{Size: 15, Bold: true, Anchor: draw.Middle})
	words := say("Growth of the receptive field") + colon()
	for i := range planes {
		planes[i].x = (left + width - right) / 2
	}
	for i, p := range planes { // from the input up, so that what is above hides what is below
		p.paint(c, i)
		if i < n { // the window of the next layer's unit in front on the left
			next := planes[i+1]
			row, col := next.rows[1], next.cols[0]
			funnel(c, next, p, next.rows, next.cols, p.rows, p.cols, draw.Style{Stroke: draw.Grey, Dash: 3})
			var rows, cols [2]int
			rows[0], rows[1] = down.layers[i].inputs(row, row)
			cols[0], cols[1] = across.layers[i].inputs(col, col)
			if rows[0] <= rows[1] && cols[0] <= cols[1] {
				xs, ys := p.area(rows, cols)
				c.Polygon(xs, ys, draw.Style{Stroke: draw.Orange, Width: 2})
				funnel(c, next, p, [2]int{row, row}, [2]int{col, col}, rows, cols, draw.Style{Stroke: draw.Orange})
			}
		}
		middle := p.y + p.tall()/2 + 4
		c.Text(16, middle, draw.Fit(p.name, 12, true, left-20), draw.Text{Bold: true})
		c.Text(width-16, middle, p.seen(), draw.Text{Color: draw.Grey, Anchor: draw.End})
		words += Say(" ", "") + p.name + " " + p.seen() + Say(";", "；")
	}
	c.Text(width/2, y, note, draw.Text{Anchor: draw.Middle})
	return c.Picture(words + Say(" ", "") + note + full())
}

// paint draws the units: those of the input in orange, padding in grey.
func (p fieldPlane) paint(c *draw.Canvas, layer int) {
	for row := p.rows[0]; row <= p.rows[1]; row++ {
		for col := p.cols[0]; col <= p.cols[1]; col++ {
			ground := draw.Tint(draw.Blue, 0.25)
			if layer == 0 {
				ground = draw.Tint(draw.Orange, 0.3)
			}
			if row < 0 || row >= p.size[0] || col < 0 || col >= p.size[1] {
				ground = draw.Shade
			}
			xs, ys := p.area([2]int{row, row}, [2]int{col, col})
			c.Polygon(xs, ys, draw.Style{Fill: ground, Stroke: draw.Grey})
		}
	}
}

// funnel draws lines from the corners of units to those of the units that they
// see in the plane below.
func funnel(c *draw.Canvas, from, to fieldPlane, rows, cols, seenRows, seenCols [2]int, s draw.Style) {
	x1, y1 := from.area(rows, cols)
	x2, y2 := to.area(seenRows, seenCols)
	for i := range x1 {
		c.Line(x1[i], y1[i], x2[i], y2[i], s)
	}
}
