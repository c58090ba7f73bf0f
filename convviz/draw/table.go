package draw

import (
	"fmt"
	"strings"
)

// Table is rows of text under a heading: the first column to the left, the
// others, which are numbers, to the right.
type Table struct {
	Title string
	Head  []string
	Rows  [][]string
	Note  string // a line under the table
	Alt   string // "": the rows
}

const (
	tableRow = 22 // height of a row
	tableGap = 22 // between columns
)

// Draw makes the picture.
func (t Table) Draw() (*Picture, error) { return Beside(t) }

// widths are those of the columns.
func (t Table) widths() []float64 {
	w := make([]float64, len(t.Head))
	for i, head := range t.Head {
		w[i] = Width(head, 12, true)
		for _, row := range t.Rows {
			w[i] = max(w[i], Width(row[i], 12, false))
		}
	}
	return w
}

// Layout checks the data and gives the size, as a Panel does.
func (t Table) Layout() (width, height float64, err error) {
	if len(t.Head) == 0 || len(t.Rows) == 0 {
		return 0, 0, fmt.Errorf("draw: table %q is empty", t.Title)
	}
	if len(t.Rows) > 150 {
		return 0, 0, fmt.Errorf("draw: table %q has %d rows, more than 150", t.Title, len(t.Rows))
	}
	for i, row := range t.Rows {
		if len(row) != len(t.Head) {
			return 0, 0, fmt.Errorf("draw: table %q: row %d has %d cells for %d columns", t.Title, i, len(row), len(t.Head))
		}
	}
	width = 32 - tableGap
	for _, w := range t.widths() {
		width += w + tableGap
	}
	if width > maxSide {
		return 0, 0, fmt.Errorf("draw: table %q needs a picture %g wide, more than %d", t.Title, width, maxSide)
	}
	width = max(width, min(max(Width(t.Title, 15, true), Width(t.Note, 11, false))+32, 900))
	height = heading(t.Title) + tableRow*float64(len(t.Rows)+1) + 16
	if t.Note != "" {
		height += 22
	}
	return width, height, nil
}

// Paint draws the chart at x, y, as a Panel does.
func (t Table) Paint(c *Canvas, x, y float64) {
	width, height, _ := t.Layout()
	paintTitle(c, x, y, width, t.Title)
	top, widths := y+heading(t.Title), t.widths()
	used := float64(tableGap * (len(widths) - 1))
	for _, w := range widths {
		used += w
	}
	spare := (width - 32 - used) / float64(max(len(widths)-1, 1)) // a long note spreads the columns
	line := func(row int, cells []string, f Text) {
		left, base := x+16, top+tableRow*(float64(row)+0.5)+4
		for i, cell := range cells {
			f.Anchor = Start
			at := left
			if i > 0 {
				f.Anchor, at = End, left+widths[i]
			}
			c.Text(at, base, cell, f)
			left += widths[i] + tableGap + spare
		}
	}
	for i, row := range t.Rows {
		if i%2 == 0 {
			c.Rect(x+10, top+tableRow*float64(i+1), width-20, tableRow, Style{Fill: Shade})
		}
		line(i+1, row, Text{})
	}
	line(0, t.Head, Text{Bold: true})
	c.Line(x+10, top+tableRow, x+width-10, top+tableRow, Style{Stroke: Grey})
	c.Text(x+16, y+height-12, Fit(t.Note, 11, false, width-32), Text{Size: 11, Color: Grey})
}

// Words describe the chart, as those of a Panel do.
func (t Table) Words() string {
	if t.Alt != "" {
		return t.Alt
	}
	lines := []string{t.Title + ": " + strings.Join(t.Head, ", ") + "."}
	for _, row := range t.Rows {
		lines = append(lines, strings.Join(row, ", ")+".")
	}
	return strings.Join(append(lines, t.Note), " ")
}
