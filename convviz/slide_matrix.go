package convviz

import (
	"fmt"
	"math"

	"convlab/cnnlib"
	"convlab/convviz/draw"
	"convlab/internal/geometry"
)

const (
	matrixCell = 22 // side of a matrix's cell
	imageCell  = 26 // of a cell of the images beside it
)

// maxMatrix bounds the rows and columns of a matrix whose numbers are drawn.
const maxMatrix = 64

// Matrix shows the slide as what it also is: the flat input times a matrix
// (lesson 1.4.2). A step is a row of the matrix and the output cell that it
// gives; the zeros are there to be seen.
func (s Slide) Matrix() (*Film, error) {
	l, err := s.layer()
	if err != nil {
		return nil, err
	}
	m, err := l.conv.Matrix(l.in[:], flat(s.Kernel))
	if err != nil {
		return nil, fmt.Errorf("convviz: %w", err)
	}
	if m.Rows > maxMatrix || m.Cols > maxMatrix {
		return nil, fmt.Errorf("convviz: a matrix of %dx%d is too large to read, at most %d: take a smaller input", m.Rows, m.Cols, maxMatrix)
	}
	left, top := 56.0, 78.0
	w, h := matrixCell*float64(m.Cols), matrixCell*float64(m.Rows)
	in := grid{x: left + w + 40, y: top, rows: l.in[0], cols: l.in[1], cell: imageCell}
	out := grid{x: in.x, y: top + in.height() + 40, rows: l.out[0], cols: l.out[1], cell: imageCell}
	width := max(in.x+max(in.width(), out.width())+24, 420)
	bottom := max(top+h, out.y+out.height())
	c := draw.New(width, bottom+48)
	title := s.title()
	c.Text(width/2, 26, draw.Fit(title, 15, true, width-24), draw.Text{Size: 15, Bold: true, Anchor: draw.Middle})
	most := 0.0
	for _, v := range flat(s.Kernel) {
		most = max(most, math.Abs(v))
	}
	note := sayf("%d of %d numbers are not 0", nonZero(m.Entries), m.Rows*m.Cols)
	size := sayf("matrix %dx%d", m.Rows, m.Cols) + colon() + note
	c.Text(max(left+w/2, 16+draw.Width(size, 12, false)/2), 52, size, draw.Text{Color: draw.Grey, Anchor: draw.Middle})
	dense := m.Dense()
	for r, row := range dense {
		for k, v := range row {
			x, y := left+matrixCell*float64(k), top+matrixCell*float64(r)
			ground, ink := draw.Card, draw.Faint
			if v != 0 {
				ground = draw.Signed(0.6 * v / most)
				ink = draw.On(ground)
			}
			c.Rect(x, y, matrixCell, matrixCell, draw.Style{Fill: ground, Stroke: draw.Edge})
			fitted(c, x, y, matrixCell, v, draw.Text{Color: ink})
		}
	}
	numbered(c, left, top, m.Rows, m.Cols)
	in.paint(c, say("input"), draw.Card)
	out.paint(c, say("output"), draw.Card)
	words := s.rowSteps(c, l, m, in, out, left, top, bottom)
	return c.Film(title+stop()+sayf("matrix %dx%d", m.Rows, m.Cols)+colon()+note+full(), s.seconds(), words)
}

func nonZero[E geometry.Entry | cnnlib.Entry](entries []E) int {
	n := 0
	for _, e := range entries {
		if geometry.Entry(e).Value != 0 {
			n++
		}
	}
	return n
}

// numbered writes the numbers of rows and columns, all while they fit.
func numbered(c *draw.Canvas, left, top float64, rows, cols int) {
	for r := range rows {
		c.Text(left-6, top+matrixCell*(float64(r)+0.5)+3.5, fmt.Sprint(r), draw.Text{Size: 10, Color: draw.Grey, Anchor: draw.End})
	}
	for k := range cols {
		c.Text(left+matrixCell*(float64(k)+0.5), top-5, fmt.Sprint(k), draw.Text{Size: 10, Color: draw.Grey, Anchor: draw.Middle})
	}
}

// rowSteps marks a row, the input cells that it reads and the output cell that
// it gives.
func (s Slide) rowSteps(c *draw.Canvas, l *layer, m *geometry.Sparse, in, out grid, left, top, bottom float64) []string {
	words := make([]string, m.Rows)
	for row := range m.Rows {
		i, j := row/l.out[1], row%l.out[1]
		read := 0
		c.InFrame(row, func() {
			for _, e := range m.Entries {
				if e.Row != row || e.Value == 0 {
					continue
				}
				read++
				x, y := in.at(e.Col/l.in[1], e.Col%l.in[1])
				c.Rect(x, y, imageCell, imageCell, draw.Style{Fill: draw.Tint(draw.Orange, 0.3), Stroke: draw.Orange})
			}
			c.Rect(left, top+matrixCell*float64(row), matrixCell*float64(m.Cols), matrixCell, draw.Style{Stroke: draw.Ink, Width: 2})
			x, y := out.at(i, j)
			c.Rect(x, y, imageCell, imageCell, draw.Style{Fill: draw.Tint(draw.Blue, 0.3), Stroke: draw.Blue, Width: 2})
		})
		c.During(row, m.Rows-1, func() { out.number(c, i, j, l.computed[row], draw.Text{Bold: true}) })
		words[row] = sayf("row %d of the matrix gives y[%d,%d] = %s from %d input numbers", row, i, j, figure(l.computed[row]), read)
		if read == 1 {
			words[row] = sayf("row %d of the matrix gives y[%d,%d] = %s from one input number", row, i, j, figure(l.computed[row]))
		}
		c.InFrame(row, func() { c.Text(left, bottom+28, words[row], draw.Text{}) })
	}
	for i := range l.in[0] {
		for j := range l.in[1] {
			in.number(c, i, j, s.Input[i][j], draw.Text{})
		}
	}
	return words
}

// fitted writes a number into a square, as large as it fits.
func fitted(c *draw.Canvas, x, y, side, v float64, f draw.Text) {
	f.Anchor, f.Size = draw.Middle, min(14, math.Round(side/2))
	text := figure(v)
	for f.Size > 7 && draw.Width(text, f.Size, f.Bold) > side-5 {
		f.Size--
	}
	c.Text(x+side/2, y+side/2+f.Size*0.36, draw.Fit(text, f.Size, f.Bold, side-3), f)
}
