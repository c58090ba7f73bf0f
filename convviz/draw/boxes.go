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
	Kernel   int     // side of the window that slides over the box before; 0: none
	Colors   []Color // of the sheets, the first in front; nil: blue
	Lanes    int     // in which the channels stand apart; 0 means 1
	Apart    bool    // each lane reads the same lane of the box before, not all
}

// Key is a line of a legend.
type Key struct {
	Color Color
	Text  string
}

// flat tells whether the box is a column of features, not maps.
func (b Box) flat() bool { return b.Width == 0 }

// Boxes draws a network as the volumes between its layers: a square's side is
// in proportion to the map, sheets behind it stand for channels, and a window
// that slides is drawn in its true size on the volume that it reads.
type Boxes struct {
	Title  string
	Boxes  []Box
	Legend []Key
	Note   string
	Alt    string
}

const (
	boxSide     = 96 // of the largest map
	sheetStep   = 4  // from a sheet to the next
	exactSheets = 8  // as many channels have a sheet each
	boxLaneGap  = 10 // between lanes
)

// Draw makes the picture.
func (b Boxes) Draw() (*Picture, error) { return Beside(b) }

// lanes is how many there are.
func (b Box) lanes() int { return max(b.Lanes, 1) }

// sheets is how many each lane has: one for each channel, and after eight one
// more with each doubling.
func (b Box) sheets() int {
	channels := b.Channels / b.lanes()
	switch {
	case b.flat():
		return 1
	case channels <= exactSheets:
		return max(channels, 1)
	}
	return exactSheets + int(math.Log2(float64(channels)/exactSheets))
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
	if n := float64(box.lanes()); n > 1 { // all lanes must have room
		room := (boxArea - 8 - boxLaneGap*(n-1)) / n
		k = min(k, max(room-b.behind(box), 4)/float64(box.Height))
	}
	return max(k*float64(box.Width), 4), max(k*float64(box.Height), 4)
}

// behind is how far the last sheet of a lane reaches out behind the first.
func (b Boxes) behind(box Box) float64 {
	step := float64(sheetStep)
	if box.lanes() > 1 {
		step = 2.5
	}
	return step * float64(box.sheets()-1)
}

// column is how wide a box's place is.
func (b Boxes) column(box Box) float64 {
	w, _ := b.size(box)
	w += b.behind(box)
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

// Layout checks the data and gives the size, as a Panel does.
func (b Boxes) Layout() (width, height float64, err error) {
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
	height = heading(b.Title) + b.rowHeight()*float64(len(rows)) + 6 + keyLine*float64(len(b.Legend))
	if len(b.Legend) > 0 {
		height += legendGap
	}
	for _, key := range b.Legend {
		width = max(width, Width(key.Text, 11, false)+56)
	}
	if b.Note != "" {
		width = max(width, min(Width(b.Note, 12, false)+32, 700))
		height += 20
	}
	if height > maxSide {
		return 0, 0, fmt.Errorf("draw: %q needs a picture %g high, more than %d", b.Title, height, maxSide)
	}
	return width, height, nil
}

// Paint draws the chart at x, y, as a Panel does.
func (b Boxes) Paint(c *Canvas, x, y float64) {
	width, height, _ := b.Layout()
	paintTitle(c, x, y, width, b.Title)
	top := y + heading(b.Title)
	for _, row := range b.rows() {
		used := 0.0
		for _, box := range row {
			used += b.column(box)
		}
		left := x + (width-used)/2
		var before Box
		var corners []point // of the lanes' front sheets of the box before, at the bottom right
		for _, box := range row {
			w := b.column(box)
			corners = b.one(c, box, before, corners, left, top, w)
			before = box
			left += w
		}
		top += b.rowHeight()
	}
	for i, key := range b.Legend {
		at := top + legendGap + keyLine*float64(i)
		c.Rect(x+20, at-9, 12, 10, Style{Fill: Tint(key.Color, 0.35), Stroke: key.Color})
		c.Text(x+40, at, key.Text, Text{Size: 11, Color: Grey})
	}
	if b.Note != "" {
		c.Text(x+width/2, y+height-12, Fit(b.Note, 12, false, width-16), Text{Anchor: Middle})
	}
}

// LaneHue is the colour of a lane: never that of windows.
func LaneHue(lane int) Color { return []Color{Green, Blue, Purple, Yellow}[lane%4] }

// keyLine is the height of a line of the legend, legendGap the space above it.
const (
	keyLine   = 16
	legendGap = 10
)

// one draws a box in its column and gives the bottom right corners of its
// lanes' front sheets, where the next windows start.
func (b Boxes) one(c *Canvas, box, before Box, corners []point, left, top, column float64) []point {
	w, h := b.size(box)
	behind := b.behind(box)
	step := 0.0
	if box.sheets() > 1 {
		step = behind / float64(box.sheets()-1)
	}
	x := left + (column-w-behind)/2
	n := box.lanes()
	tall := float64(n)*(h+behind) + boxLaneGap*float64(n-1)
	y := top + 4 + (boxArea-tall)/2 + behind
	var made []point
	for lane := range n {
		at := y + float64(lane)*(h+behind+boxLaneGap)
		for i := box.sheets() - 1; i >= 0; i-- {
			colour, share := Blue, 0.22
			switch {
			case box.flat():
				colour, share = Yellow, 0.35
			case n > 1:
				colour = LaneHue(lane)
			case i < len(box.Colors):
				colour = box.Colors[i]
			}
			d := step * float64(i)
			c.Rect(x+d, at-d, w, h, Style{Fill: Tint(colour, share), Stroke: colour})
		}
		made = append(made, point{x + w, at + h})
	}
	if box.Kernel > 0 && !before.flat() {
		bw, bh := b.size(before)
		for i, corner := range corners {
			side := min(bw/float64(before.Width), bh/float64(before.Height)) * float64(box.Kernel)
			side = min(side, bw, bh)
			kx, ky := corner.x-side-2, corner.y-side-2
			if side > min(bw, bh)-4 {
				kx, ky = corner.x-side, corner.y-side
			}
			c.Rect(kx, ky, side, side, Style{Fill: Tint(Orange, 0.35), Stroke: Orange})
			for lane, to := range made {
				if box.Apart && lane != i {
					continue
				}
				tx, ty := to.x-w*0.75, to.y-h*0.5
				c.Line(kx+side, ky, tx, ty, Style{Stroke: Orange, Dash: 3})
				c.Line(kx+side, ky+side, tx, ty, Style{Stroke: Orange, Dash: 3})
				c.Circle(tx, ty, 2, Style{Fill: Orange})
			}
		}
	}
	middle, under := left+column/2, top+boxArea+18
	c.Text(middle, under, Fit(box.Name, 12, true, column-4), Text{Bold: true, Anchor: Middle})
	for i, s := range box.Lines {
		c.Text(middle, under+15*float64(i+1), Fit(s, 11, false, column-4), Text{Size: 11, Color: Grey, Anchor: Middle})
	}
	return made
}

// Words describe the chart, as those of a Panel do.
func (b Boxes) Words() string {
	if b.Alt != "" {
		return b.Alt
	}
	var parts []string
	for _, box := range b.Boxes {
		parts = append(parts, strings.Join(append([]string{box.Name}, box.Lines...), ", "))
	}
	return fmt.Sprintf("%s: %s. %s", b.Title, strings.Join(parts, " → "), b.Note)
}
