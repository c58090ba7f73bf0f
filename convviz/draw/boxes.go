package draw

import (
	"fmt"
	"math"
	"strings"
)

// Box is one volume of a network drawing: what a layer gives.
type Box struct {
	Name     string   // of the layer that made it
	Lines    []string // under the name
	Height   int      // of the map; with Width 0 or 1 and Channels 1: features
	Width    int
	Channels int
	Kernel   int // side of the window that slides over the box before; 0: none
}

// flat tells whether the box is a column of features, not maps.
func (b Box) flat() bool { return b.Width == 0 }

// Boxes draws a network as the volumes between its layers: a square's side is
// in proportion to the map, sheets behind it stand for channels, and a window
// that slides is drawn in its true size on the volume that it reads.
type Boxes struct {
	Title string
	Boxes []Box
	Note  string
	Alt   string
}

const (
	boxSide   = 96 // of the largest map
	sheetStep = 4  // from a sheet to the next
)

// Draw makes the picture.
func (b Boxes) Draw() (*Picture, error) { return Beside(b) }

// sheets grows by one with each doubling of the channels.
func (b Box) sheets() int {
	if b.flat() {
		return 1
	}
	return 1 + int(math.Log2(float64(max(b.Channels, 1))))
}

func (b Boxes) scale() float64 {
	most := 1
	for _, box := range b.Boxes {
		if !box.flat() {
			most = max(most, box.Height, box.Width)
		}
	}
	return boxSide / float64(most)
}

// size is that of the front sheet.
func (b Boxes) size(box Box) (w, h float64) {
	if box.flat() {
		return 14, max(10, min(boxSide+30, 12*math.Log2(float64(max(box.Height, 1))+1)))
	}
	k := b.scale()
	return max(k*float64(box.Width), 4), max(k*float64(box.Height), 4)
}

// column is how wide a box's place is.
func (b Boxes) column(box Box) float64 {
	w, _ := b.size(box)
	w += sheetStep * float64(box.sheets()-1)
	text := Width(box.Name, 12, true)
	for _, s := range box.Lines {
		text = max(text, Width(s, 11, false))
	}
	return max(w, min(text, 150)) + 20
}

func (b Boxes) lines() int {
	n := 0
	for _, box := range b.Boxes {
		n = max(n, len(box.Lines))
	}
	return n
}

const boxArea = boxSide + 44 // height of the drawing above the names

// rows breaks the boxes into rows of at most about 1000 pixels.
func (b Boxes) rows() [][]Box {
	var rows [][]Box
	width := 0.0
	for _, box := range b.Boxes {
		w := b.column(box)
		if len(rows) == 0 || width+w > 1000 {
			rows = append(rows, nil)
			width = 0
		}
		rows[len(rows)-1] = append(rows[len(rows)-1], box)
		width += w
	}
	return rows
}

func (b Boxes) rowHeight() float64 { return boxArea + 18 + 15*float64(b.lines()) + 14 }

func (b Boxes) layout() (width, height float64, err error) {
	if len(b.Boxes) == 0 {
		return 0, 0, fmt.Errorf("draw: %q has no boxes", b.Title)
	}
	if len(b.Boxes) > 200 {
		return 0, 0, fmt.Errorf("draw: %q has %d boxes, more than 200", b.Title, len(b.Boxes))
	}
	for i, box := range b.Boxes {
		if box.Height < 1 || box.Width < 0 || box.Channels < 1 || box.Kernel < 0 {
			return 0, 0, fmt.Errorf("draw: box %d (%s) has size %dx%dx%d and kernel %d", i, box.Name, box.Height, box.Width, box.Channels, box.Kernel)
		}
	}
	rows := b.rows()
	for _, row := range rows {
		w := 32.0
		for _, box := range row {
			w += b.column(box)
		}
		width = max(width, w)
	}
	width = max(width, Width(b.Title, 15, true)+24)
	height = heading(b.Title) + b.rowHeight()*float64(len(rows)) + 6
	if b.Note != "" {
		width = max(width, min(Width(b.Note, 12, false)+32, 700))
		height += 20
	}
	if height > maxSide {
		return 0, 0, fmt.Errorf("draw: %q needs a picture %g high, more than %d", b.Title, height, maxSide)
	}
	return width, height, nil
}

func (b Boxes) paint(c *Canvas, x, y float64) {
	width, height, _ := b.layout()
	paintTitle(c, x, y, width, b.Title)
	top := y + heading(b.Title)
	for _, row := range b.rows() {
		used := 0.0
		for _, box := range row {
			used += b.column(box)
		}
		left := x + (width-used)/2
		tip := point{math.NaN(), 0} // the front sheet's right edge of the box before
		var before Box
		for i, box := range row {
			w := b.column(box)
			tip = b.one(c, box, before, tip, left, top, w, i == 0)
			before = box
			left += w
		}
		top += b.rowHeight()
	}
	if b.Note != "" {
		c.Text(x+width/2, y+height-12, Fit(b.Note, 12, false, width-16), Text{Anchor: Middle})
	}
}

// one draws a box in its column and gives the bottom right corner of its
// front sheet, where the next window starts.
func (b Boxes) one(c *Canvas, box, before Box, corner point, left, top, column float64, first bool) point {
	w, h := b.size(box)
	behind := sheetStep * float64(box.sheets()-1)
	x := left + (column-w-behind)/2
	y := top + 8 + (boxArea-h+behind)/2 - 4
	fillColor, line := Tint(Blue, 0.22), Blue
	if box.flat() {
		fillColor, line = Tint(Yellow, 0.35), Yellow
	}
	for i := box.sheets() - 1; i >= 0; i-- {
		d := sheetStep * float64(i)
		c.Rect(x+d, y-d, w, h, Style{Fill: fillColor, Stroke: line})
	}
	if !first && box.Kernel > 0 && !before.flat() {
		side := min(b.scale()*float64(box.Kernel), boxSide)
		kx, ky := corner.x-side-2, corner.y-side-2
		c.Rect(kx, ky, side, side, Style{Fill: Tint(Orange, 0.35), Stroke: Orange})
		tx, ty := x+w*0.25, y+h*0.5
		c.Line(kx+side, ky, tx, ty, Style{Stroke: Orange, Dash: 3})
		c.Line(kx+side, ky+side, tx, ty, Style{Stroke: Orange, Dash: 3})
		c.Circle(tx, ty, 2, Style{Fill: Orange})
	}
	middle, under := left+column/2, top+boxArea+18
	c.Text(middle, under, Fit(box.Name, 12, true, column-4), Text{Bold: true, Anchor: Middle})
	for i, s := range box.Lines {
		c.Text(middle, under+15*float64(i+1), Fit(s, 11, false, column-4), Text{Size: 11, Color: Grey, Anchor: Middle})
	}
	return point{x + w, y + h}
}

func (b Boxes) words() string {
	if b.Alt != "" {
		return b.Alt
	}
	var parts []string
	for _, box := range b.Boxes {
		parts = append(parts, strings.Join(append([]string{box.Name}, box.Lines...), ", "))
	}
	return fmt.Sprintf("%s: %s. %s", b.Title, strings.Join(parts, " → "), b.Note)
}
