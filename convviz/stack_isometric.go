package convviz

import (
	"fmt"

	"convlab/convviz/draw"
)

// The cells of an isometric slice are leaning: a row is slantY high and starts
// slantX to the right of the one before it.
const (
	isoCell    = 30
	slantX     = 9
	slantY     = 18
	isoBetween = 16 // from a slice to the next
)

// iso is a volume as slices, the first on top.
type iso struct {
	x, y               float64
	slices, rows, cols int
	pad                int // around every slice
}

func (v iso) width() float64 { return isoCell*float64(v.cols+2*v.pad) + slantX*float64(v.rows+2*v.pad) }
func (v iso) slice() float64 { return slantY * float64(v.rows+2*v.pad) }
func (v iso) height() float64 {
	return float64(v.slices)*(v.slice()+isoBetween) - isoBetween
}

// corner is where row r and column c of a slice begin.
func (v iso) corner(d, r, c int) (x, y float64) {
	down, across := float64(r+v.pad), float64(c+v.pad)
	return v.x + isoCell*across + slantX*(float64(v.rows+2*v.pad)-down), v.y + float64(d)*(v.slice()+isoBetween) + slantY*down
}

func (v iso) cell(c *draw.Canvas, d, r, k int, s draw.Style) {
	x0, y0 := v.corner(d, r, k)
	x1, y1 := v.corner(d, r+1, k)
	c.Polygon([]float64{x0, x0 + isoCell, x1 + isoCell, x1}, []float64{y0, y0, y1, y1}, s)
}

func (v iso) number(c *draw.Canvas, d, r, k int, value float64, f draw.Text) {
	x, y := v.corner(d, r, k)
	text := figure(value)
	f.Anchor, f.Size = draw.Middle, 12
	for f.Size > 7 && draw.Width(text, f.Size, f.Bold) > isoCell-slantX {
		f.Size--
	}
	c.Text(x+isoCell/2-slantX/2.0, y+slantY/2+f.Size*0.36, draw.Fit(text, f.Size, f.Bold, isoCell-2), f)
}

// paint draws the empty slices with their numbers and the edges of the box
// that they stand in.
func (v iso) paint(c *draw.Canvas, fill draw.Color) {
	for d := range v.slices {
		x, y := v.corner(d, -v.pad, -v.pad)
		room := slantX*float64(v.rows+2*v.pad) - 9 // right of the edge
		label := sayf("slice %d", d)
		if draw.Width(label, 10, false) > room {
			label = fmt.Sprint(d)
		}
		c.Text(x-6, y+3, label, draw.Text{Size: 10, Color: draw.Grey, Anchor: draw.End})
	}
	for _, at := range [][2]int{{v.rows + v.pad, -v.pad}, {-v.pad, v.cols + v.pad}} { // front left, back right
		x, y := v.corner(0, at[0], at[1])
		_, end := v.corner(v.slices-1, at[0], at[1])
		c.Line(x, y, x, end, draw.Style{Stroke: draw.Grey, Dash: 3})
	}
	for d := range v.slices {
		for r := -v.pad; r < v.rows+v.pad; r++ {
			for k := -v.pad; k < v.cols+v.pad; k++ {
				style := draw.Style{Fill: fill, Stroke: draw.Edge}
				if r < 0 || r >= v.rows || k < 0 || k >= v.cols {
					style = draw.Style{Fill: draw.Shade, Stroke: draw.Edge, Dash: 3}
				}
				v.cell(c, d, r, k, style)
			}
		}
	}
}

// Isometric is Film with the planes as the slices of a box, the first on top:
// the input, the kernel's window in it, and the output, as a block and under
// it slice by slice with the numbers (lesson 1.3). It is drawn for one kernel.
func (s Stack) Isometric() (*Film, error) {
	s, b, err := s.plan()
	if err != nil {
		return nil, err
	}
	if len(b.filters) > 1 {
		return nil, fmt.Errorf("convviz: %d kernels cannot be drawn as slices of one box: use Film, or a Stack for each", len(b.filters))
	}
	const blocks = 78.0 // top of the blocks
	slices := b.filters[0]
	solid := cube{y: blocks, slices: b.in[0], rows: b.in[1], cols: b.in[2]}
	spare := cubeCell * float64(s.Padding) // the window goes out into the padding
	top := blocks + solid.height() + 2*spare + 44
	in := iso{x: 32, y: top, slices: b.in[0], rows: b.in[1], cols: b.in[2], pad: s.Padding}
	kernel := iso{x: in.x + in.width() + slideGap, y: top, slices: len(slices), rows: len(slices[0]), cols: len(slices[0][0])}
	out := iso{x: kernel.x + kernel.width() + slideGap, y: top, slices: b.out[0], rows: b.out[1], cols: b.out[2]}
	width := max(out.x+out.width()+20, 460)
	bottom := top + max(in.height(), kernel.height(), out.height())
	n := len(b.computed)
	words, totals := s.steps(b, false)
	lines := 1
	for _, text := range words {
		lines = max(lines, len(wrap(text, width-40)))
	}
	c := draw.New(width, bottom+30+16*float64(lines)+10)
	title := s.title(b)
	c.Text(width/2, 26, draw.Fit(title, 15, true, width-24), draw.Text{Size: 15, Bold: true, Anchor: draw.Middle})
	in.paint(c, draw.Card)
	kernel.paint(c, draw.Tint(draw.Orange, 0.18))
	out.paint(c, draw.Card)
	c.Text(in.x+in.width()+slideGap/2, top+slantY, "*", draw.Text{Size: 20, Anchor: draw.Middle})
	c.Text(kernel.x+kernel.width()+slideGap/2, top+slantY, "=", draw.Text{Size: 20, Anchor: draw.Middle})
	whole := func(v iso, name string, fill draw.Color) cube { // over its slices
		c.Text(v.x+v.width()/2, blocks-16, name+" "+dims([]int{v.slices, v.rows, v.cols}), draw.Text{Color: draw.Grey, Anchor: draw.Middle})
		block := cube{slices: v.slices, rows: v.rows, cols: v.cols}
		block.x, block.y = v.x+(v.width()-block.width())/2, blocks+spare+(solid.height()-block.height())/2
		block.paint(c, fill)
		return block
	}
	solid = whole(in, say("input"), draw.Faint)
	whole(kernel, say("kernel"), draw.Orange)
	made := whole(out, say("output"), draw.Faint)
	for step := range n {
		taps, _, at := s.taps(b, step)
		c.InFrame(step, func() {
			for _, t := range taps {
				if t.d >= 0 && t.d < b.in[0] { // not a slice of padding
					in.cell(c, t.d, t.r, t.c, draw.Style{Fill: draw.Tint(draw.Orange, 0.3), Stroke: draw.Orange})
				}
			}
			first, last := taps[0], taps[len(taps)-1]
			solid.block(c, [3]int{first.d, first.r, first.c}, [3]int{last.d + 1, last.r + 1, last.c + 1}, draw.Orange, draw.Orange)
			made.block(c, at, [3]int{at[0] + 1, at[1] + 1, at[2] + 1}, draw.Blue, draw.Blue)
			out.cell(c, at[0], at[1], at[2], draw.Style{Fill: draw.Tint(draw.Blue, 0.3), Stroke: draw.Blue, Width: 2})
			for i, line := range wrap(words[step], width-40) {
				c.Text(20, bottom+30+16*float64(i), line, draw.Text{})
			}
		})
		c.During(step, n-1, func() { out.number(c, at[0], at[1], at[2], totals[step], draw.Text{Bold: true}) })
	}
	numbers := func(v iso, values [][][]float64) {
		for d, rows := range values {
			for r, row := range rows {
				for k, value := range row {
					v.number(c, d, r, k, value, draw.Text{})
				}
			}
		}
	}
	numbers(kernel, slices)
	numbers(in, s.Input)
	return c.Film(title+stop()+words[n-1], s.seconds(), words)
}
