package draw

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"strings"
)

// Matrix is a heat map; small ones have every value printed.
type Matrix struct {
	Title, XLabel, YLabel string
	Rows, Cols            []string // labels; nil: none
	Values                [][]float64
	Texts                 [][]string                  // what is printed in the cells; nil: the values
	Decimals              int                         // of printed values
	Hide                  bool                        // print nothing
	Color                 func(v float64) color.Color // of a value scaled to Lo..Hi as 0..1; nil: Pale
	Lo, Hi                float64                     // both 0: from the values; Signed maps -1..1 instead
	Signed                bool                        // orange and blue around 0
	Zero                  color.Color                 // of cells that are exactly 0; nil: as the others
	Note                  string                      // a line under the matrix
	Cell                  float64                     // side of a cell; 0: chosen
	Alt                   string
}

const (
	printUpTo  = 26   // rows and columns of a matrix whose values are printed
	imageUpTo  = 1000 // pixels of a matrix drawn as an image, per side
	spokenUpTo = 100  // numbers that the alt text holds all
	matrixSide = 416  // of a matrix without printed values, about
)

// Draw makes the picture.
func (m Matrix) Draw() (*Picture, error) { return Beside(m) }

// place is where the parts of a matrix lie in its panel.
type place struct {
	rows, cols  int
	cellW       float64
	cellH       float64
	left, top   float64
	printed     bool
	width       float64
	height      float64
	colsUpright bool
	colHeight   float64
}

// Layout checks the data and gives the size, as a Panel does.
func (m Matrix) Layout() (width, height float64, err error) {
	rows := len(m.Values)
	if rows == 0 || len(m.Values[0]) == 0 {
		return 0, 0, fmt.Errorf("draw: matrix %q is empty", m.Title)
	}
	cols := len(m.Values[0])
	for i, row := range m.Values {
		if len(row) != cols {
			return 0, 0, fmt.Errorf("draw: matrix %q: row %d has %d values, row 0 has %d", m.Title, i, len(row), cols)
		}
	}
	if m.Rows != nil && len(m.Rows) != rows || m.Cols != nil && len(m.Cols) != cols {
		return 0, 0, fmt.Errorf("draw: matrix %q of %dx%d has %d row and %d column labels", m.Title, rows, cols, len(m.Rows), len(m.Cols))
	}
	if m.Texts != nil {
		if len(m.Texts) != rows {
			return 0, 0, fmt.Errorf("draw: matrix %q: %d rows of texts for %d rows", m.Title, len(m.Texts), rows)
		}
		for i, row := range m.Texts {
			if len(row) != cols {
				return 0, 0, fmt.Errorf("draw: matrix %q: row %d has %d texts for %d columns", m.Title, i, len(row), cols)
			}
		}
	}
	if m.Cell < 0 || m.Cell*float64(max(rows, cols)) > maxSide-500 {
		return 0, 0, fmt.Errorf("draw: matrix %q of %dx%d does not fit with cells of %g", m.Title, rows, cols, m.Cell)
	}
	p := m.place()
	return p.width, p.height, nil
}

func (m Matrix) place() place {
	p := place{rows: len(m.Values), cols: len(m.Values[0])}
	p.printed = !m.Hide && max(p.rows, p.cols) <= printUpTo
	side := m.Cell
	if side == 0 {
		side = min(matrixSide/float64(max(p.rows, p.cols)), 32)
		if p.printed {
			side = 28
		}
	}
	p.cellW, p.cellH = side, side
	if p.printed && m.Cell == 0 {
		for i := range p.rows {
			for j := range p.cols {
				p.cellW = max(p.cellW, min(Width(m.cellText(i, j), 11, false)+8, 90))
			}
		}
	}
	p.left = 16
	if m.YLabel != "" {
		p.left += 20
	}
	if m.Rows != nil {
		p.left += widest(m.Rows, 120) + 6
	}
	p.top = heading(m.Title)
	if m.XLabel != "" {
		p.top += 18
	}
	if m.Cols != nil {
		p.colsUpright = widest(m.Cols, 90) > p.cellW-4
		p.colHeight = 18
		if p.colsUpright {
			p.colHeight = widest(m.Cols, 90) + 8
		}
		p.top += p.colHeight
	}
	p.width = max(p.left+p.cellW*float64(p.cols)+18, Width(m.Title, 15, true)+24, min(Width(m.Note, 12, false)+32, 560))
	p.width = min(p.width, maxSide)
	// A matrix narrower than its title stands in the middle.
	p.left += (p.width - p.left - p.cellW*float64(p.cols) - 18) / 2
	p.height = p.top + p.cellH*float64(p.rows) + 16
	if m.Note != "" {
		p.height += 20
	}
	return p
}

// Cells tells where the cells lie in the picture that Draw makes: the left top
// corner of the first, and the size of each.
func (m Matrix) Cells() (left, top, width, height float64, err error) {
	if _, _, err := m.Layout(); err != nil {
		return 0, 0, 0, 0, err
	}
	p := m.place()
	return p.left, p.top, p.cellW, p.cellH, nil
}

func widest(labels []string, limit float64) float64 {
	w := 0.0
	for _, s := range labels {
		w = max(w, Width(s, 11, false))
	}
	return min(w, limit)
}

func (m Matrix) cellText(i, j int) string {
	if m.Texts != nil {
		return m.Texts[i][j]
	}
	if v := m.Values[i][j]; math.IsNaN(v) {
		return "NaN"
	} else {
		return Number(v, m.Decimals)
	}
}

// shade gives the colour of a value.
func (m Matrix) shade() func(v float64) color.Color {
	lo, hi := m.Lo, m.Hi
	if lo == 0 && hi == 0 {
		lo, hi = math.Inf(1), math.Inf(-1)
		for _, row := range m.Values {
			lo, hi = span(lo, hi, row)
		}
	}
	if m.Signed {
		most := max(math.Abs(lo), math.Abs(hi))
		return m.zeroFirst(func(v float64) color.Color {
			if most == 0 {
				return Signed(v)
			}
			return Signed(v / most)
		})
	}
	paint := m.Color
	if paint == nil {
		paint = Pale
	}
	return m.zeroFirst(func(v float64) color.Color {
		if hi == lo {
			return paint(v - lo) // flat: the low end
		}
		return paint((v - lo) / (hi - lo))
	})
}

func (m Matrix) zeroFirst(paint func(v float64) color.Color) func(v float64) color.Color {
	return func(v float64) color.Color {
		if v == 0 && m.Zero != nil {
			return m.Zero
		}
		return paint(v)
	}
}

// Paint draws the chart at x, y, as a Panel does.
func (m Matrix) Paint(c *Canvas, x, y float64) {
	p := m.place()
	paintTitle(c, x, y, p.width, m.Title)
	left, top := x+p.left, y+p.top
	w, h := p.cellW*float64(p.cols), p.cellH*float64(p.rows)
	if m.XLabel != "" {
		c.Text(left+w/2, top-p.colHeight-8, m.XLabel, Text{Color: Grey, Anchor: Middle})
	}
	if m.YLabel != "" {
		c.Text(x+24, top+h/2, Fit(m.YLabel, 12, false, h+28), Text{Color: Grey, Anchor: Middle, Up: true})
	}
	for i, s := range m.Rows {
		c.Text(left-6, top+(float64(i)+0.5)*p.cellH+4, Fit(s, 11, false, 120), Text{Size: 11, Anchor: End})
	}
	for j, s := range m.Cols {
		at := left + (float64(j)+0.5)*p.cellW
		if p.colsUpright {
			c.Text(at+4, top-6, Fit(s, 11, false, 90), Text{Size: 11, Up: true})
		} else {
			c.Text(at, top-6, s, Text{Size: 11, Anchor: Middle})
		}
	}
	shade := m.shade()
	if p.printed {
		if m.Color == nil { // light enough for dark digits
			full := shade
			shade = func(v float64) color.Color { return Light(full(v)) }
		}
		m.cells(c, left, top, p, shade)
	} else {
		c.Image(left, top, w, h, m.image(shade))
	}
	c.Rect(left, top, w, h, Style{Stroke: Grey})
	if m.Note != "" {
		c.Text(x+p.width/2, top+h+22, Fit(m.Note, 12, false, p.width-16), Text{Anchor: Middle})
	}
}

func (m Matrix) cells(c *Canvas, left, top float64, p place, shade func(v float64) color.Color) {
	for i, row := range m.Values {
		for j, v := range row {
			x, y := left+float64(j)*p.cellW, top+float64(i)*p.cellH
			ground := shade(v)
			c.Rect(x, y, p.cellW, p.cellH, Style{Fill: ground, Stroke: Edge})
			c.Text(x+p.cellW/2, y+p.cellH/2+4, Fit(m.cellText(i, j), 11, false, p.cellW-2), Text{Size: 11, Color: On(ground), Anchor: Middle})
		}
	}
}

// image has a pixel per cell; a matrix too large for that has a pixel per
// block of cells, coloured by the block's value farthest from 0.
func (m Matrix) image(shade func(v float64) color.Color) image.Image {
	rows, cols := len(m.Values), len(m.Values[0])
	block := (max(rows, cols) + imageUpTo - 1) / imageUpTo
	img := image.NewNRGBA(image.Rect(0, 0, (cols+block-1)/block, (rows+block-1)/block))
	for i := range img.Rect.Dy() {
		for j := range img.Rect.Dx() {
			most := m.Values[i*block][j*block]
			for di := 0; di < block && i*block+di < rows; di++ {
				for _, v := range m.Values[i*block+di][j*block : min((j+1)*block, cols)] {
					if math.Abs(v) > math.Abs(most) || math.IsNaN(v) {
						most = v
					}
				}
			}
			img.Set(j, i, shade(most))
		}
	}
	return img
}

// Words describe the chart, as those of a Panel do.
func (m Matrix) Words() string {
	if m.Alt != "" {
		return m.Alt
	}
	lo, hi, zeros, bad := math.Inf(1), math.Inf(-1), 0, 0
	for _, row := range m.Values {
		lo, hi = span(lo, hi, row)
		for _, v := range row {
			if v == 0 {
				zeros++
			} else if !usable(v) {
				bad++
			}
		}
	}
	if n := len(m.Values) * len(m.Values[0]); n <= spokenUpTo {
		var rows []string
		for i := range m.Values {
			var row []string
			for j := range m.Values[i] {
				row = append(row, m.cellText(i, j))
			}
			rows = append(rows, strings.Join(row, " "))
		}
		return titled(m.Title, rows)
	}
	parts := []string{fmt.Sprintf("%dx%d", len(m.Values), len(m.Values[0])), short(lo) + " … " + short(hi), fmt.Sprintf("0: %d", zeros)}
	if bad > 0 {
		parts = append(parts, fmt.Sprintf("NaN, ±Inf: %d", bad))
	}
	return titled(m.Title, parts)
}
