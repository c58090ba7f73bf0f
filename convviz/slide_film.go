package convviz

import (
	"fmt"
	"strings"

	"convlab/convviz/draw"
)

const (
	slideCell = 34 // side of a cell
	slideGap  = 44 // between two grids
	slideTop  = 64 // of the grids
)

// grid is a table of cells, whose rows and columns are numbered from -before on.
type grid struct {
	x, y       float64
	before     [2]int // rows and columns of padding
	rows, cols int    // without padding
	after      [2]int
	cell       float64 // side of a cell
}

func (g grid) width() float64  { return g.cell * float64(g.cols+g.before[1]+g.after[1]) }
func (g grid) height() float64 { return g.cell * float64(g.rows+g.before[0]+g.after[0]) }

// at is the top left corner of a cell, which may lie in the padding.
func (g grid) at(i, j int) (x, y float64) {
	return g.x + g.cell*float64(j+g.before[1]), g.y + g.cell*float64(i+g.before[0])
}

func (g grid) paint(c *draw.Canvas, name string, fill draw.Color) {
	c.Text(g.x+g.width()/2, g.y-8, fmt.Sprintf("%s %dx%d", name, g.rows, g.cols), draw.Text{Color: draw.Grey, Anchor: draw.Middle})
	g.cells(c, fill)
}

// cells draws the empty cells.
func (g grid) cells(c *draw.Canvas, fill draw.Color) {
	for i := -g.before[0]; i < g.rows+g.after[0]; i++ {
		for j := -g.before[1]; j < g.cols+g.after[1]; j++ {
			x, y := g.at(i, j)
			style := draw.Style{Fill: fill, Stroke: draw.Edge}
			if i < 0 || i >= g.rows || j < 0 || j >= g.cols {
				style = draw.Style{Fill: draw.Shade, Stroke: draw.Edge, Dash: 3}
			}
			c.Rect(x, y, g.cell, g.cell, style)
		}
	}
}

func (g grid) number(c *draw.Canvas, i, j int, v float64, f draw.Text) {
	x, y := g.at(i, j)
	fitted(c, x, y, g.cell, v, f)
}

func (g grid) corner(c *draw.Canvas, i, j int, text string) {
	x, y := g.at(i, j)
	c.Text(x+g.cell-2, y+g.cell-2.5, draw.Fit(text, 9, false, g.cell-3), draw.Text{Size: 9, Anchor: draw.End})
}

// Film draws the steps: of a convolution one per output cell, with its
// products and their sum; of a transposed convolution one per input cell, with
// the stamp that it adds to the output.
func (s Slide) Film() (*Film, error) {
	l, err := s.layer()
	if err != nil {
		return nil, err
	}
	in := grid{cell: slideCell, x: 20, y: slideTop, rows: l.in[0], cols: l.in[1]}
	out := grid{cell: slideCell, y: slideTop, rows: l.out[0], cols: l.out[1]}
	if s.Transposed {
		out.before = l.pad
		for axis := range 2 {
			out.after[axis] = l.stamped[axis] - l.pad[axis] - l.out[axis]
		}
	} else {
		in.before, in.after = l.pad, l.pad
	}
	kernel := grid{cell: slideCell, x: in.x + in.width() + slideGap, y: slideTop, rows: len(s.Kernel), cols: len(s.Kernel[0])}
	out.x = kernel.x + kernel.width() + slideGap
	width := max(out.x+out.width()+20, 420)
	bottom := slideTop + max(in.height(), kernel.height(), out.height())
	lines := s.formulaLines(l, width-40)
	c := draw.New(width, bottom+30+16*float64(lines)+14)
	title := s.title()
	c.Text(width/2, 26, draw.Fit(title, 15, true, width-24), draw.Text{Size: 15, Bold: true, Anchor: draw.Middle})
	s.paintInput(c, in)
	name := say("kernel")
	if s.spread.step > 0 {
		name = say("kernel, turned")
	}
	kernel.paint(c, name, draw.Tint(draw.Orange, 0.18))
	out.paint(c, say("output"), draw.Card)
	c.Text(in.x+in.width()+slideGap/2, slideTop+slideCell*0.7, "*", draw.Text{Size: 20, Anchor: draw.Middle})
	c.Text(kernel.x+kernel.width()+slideGap/2, slideTop+slideCell*0.7, "=", draw.Text{Size: 20, Anchor: draw.Middle})
	for i, row := range s.Kernel {
		for j, v := range row {
			kernel.number(c, i, j, v, draw.Text{})
		}
	}
	var words []string
	if s.Transposed {
		words = s.stampSteps(c, l, in, out, bottom)
	} else {
		words = s.slideSteps(c, l, in, out, bottom)
	}
	return c.Film(title+stop()+words[len(words)-1], s.seconds(), words)
}

func (s Slide) seconds() float64 {
	if s.Seconds == 0 {
		return 1
	}
	return s.Seconds
}

// title is the one given, or names the layer.
func (s Slide) title() string {
	if s.Title != "" {
		return s.Title
	}
	text := sayf("kernel %dx%d, stride %d, padding %d", len(s.Kernel), len(s.Kernel[0]), max(s.Stride, 1), s.Padding)
	if s.Dilation > 1 {
		text += sayf(", dilation %d", s.Dilation)
	}
	if s.Transposed {
		text = say("transposed") + colon() + text
	}
	return text
}

// slideSteps draws a window, its products and its sum for every output cell.
func (s Slide) slideSteps(c *draw.Canvas, l *layer, in, out grid, bottom float64) []string {
	steps := l.steps(false)
	words := make([]string, steps)
	for step := range steps {
		i, j := step/l.out[1], step%l.out[1]
		taps := s.taps(l, step)
		sum := 0.0
		for _, t := range taps {
			sum += t.x * t.w
		}
		c.InFrame(step, func() {
			for _, t := range taps {
				x, y := in.at(t.i, t.j)
				c.Rect(x, y, slideCell, slideCell, draw.Style{Fill: draw.Tint(draw.Orange, 0.3), Stroke: draw.Orange})
				in.corner(c, t.i, t.j, "×"+figure(t.w))
			}
			x, y := out.at(i, j)
			c.Rect(x, y, slideCell, slideCell, draw.Style{Fill: draw.Tint(draw.Blue, 0.3), Stroke: draw.Blue, Width: 2})
		})
		c.During(step, steps-1, func() { out.number(c, i, j, sum, draw.Text{Bold: true}) })
		words[step] = sayf("step %d of %d", step+1, steps) + colon() + s.formula(taps, i, j)
		s.paintFormula(c, step, words[step], bottom)
	}
	s.inputNumbers(c, l, in)
	return words
}

// paintInput draws the input's empty cells. Zeros that were put between its
// numbers look like padding, which they are not a part of.
func (s Slide) paintInput(c *draw.Canvas, in grid) {
	if s.spread.step == 0 {
		in.paint(c, say("input"), draw.Card)
		return
	}
	label := fmt.Sprintf("%s %dx%d", say("input"), s.spread.size[1], s.spread.size[2])
	if in.rows != s.spread.size[1] || in.cols != s.spread.size[2] {
		label += Say(", ", "，") + sayf("with zeros %dx%d", in.rows, in.cols)
	}
	c.Text(in.x+in.width()/2, in.y-8, draw.Fit(label, 12, false, in.width()+slideGap-8), draw.Text{Color: draw.Grey, Anchor: draw.Middle})
	in.cells(c, draw.Card)
	for i := range in.rows {
		for j := range in.cols {
			if s.spread.zero(0, i, j) {
				x, y := in.at(i, j)
				c.Rect(x, y, in.cell, in.cell, draw.Style{Fill: draw.Shade, Stroke: draw.Edge, Dash: 3})
			}
		}
	}
}

// inputNumbers come last, so that they lie over the window.
func (s Slide) inputNumbers(c *draw.Canvas, l *layer, in grid) {
	for i := -in.before[0]; i < l.in[0]+in.after[0]; i++ {
		for j := -in.before[1]; j < l.in[1]+in.after[1]; j++ {
			if i >= 0 && i < l.in[0] && j >= 0 && j < l.in[1] && !s.spread.zero(0, i, j) {
				in.number(c, i, j, s.Input[i][j], draw.Text{})
			} else {
				in.number(c, i, j, 0, draw.Text{Color: draw.Grey})
			}
		}
	}
}

// formula is every product of an output cell and their sum.
func (s Slide) formula(taps []tap, i, j int) string {
	var parts []string
	sum := 0.0
	for _, t := range taps {
		parts = append(parts, factor(t.x)+"·"+factor(t.w))
		sum += t.x * t.w
	}
	return fmt.Sprintf("y[%d,%d] = %s = %s", i, j, strings.Join(parts, " + "), figure(sum))
}

// stampSteps draws for every input cell the kernel times its number, added to
// the output; what falls on the cut-off border is drawn there.
func (s Slide) stampSteps(c *draw.Canvas, l *layer, in, out grid, bottom float64) []string {
	s.inputNumbers(c, l, in)
	steps := l.steps(true)
	words := make([]string, steps)
	type cell struct{ i, j int }
	sum, since := map[cell]float64{}, map[cell]int{}
	write := func(at cell, last int) {
		if _, stamped := since[at]; !stamped || since[at] > last {
			return
		}
		ink := draw.Ink
		if at.i < 0 || at.i >= l.out[0] || at.j < 0 || at.j >= l.out[1] {
			ink = draw.Grey
		}
		c.During(since[at], last, func() { out.number(c, at.i, at.j, sum[at], draw.Text{Color: ink}) })
	}
	for step := range steps {
		i, j := step/l.in[1], step%l.in[1]
		taps := s.taps(l, step)
		c.InFrame(step, func() {
			x, y := in.at(i, j)
			c.Rect(x+1, y+1, slideCell-2, slideCell-2, draw.Style{Stroke: draw.Blue, Width: 2.5})
			for _, t := range taps {
				x, y := out.at(t.i, t.j)
				c.Rect(x, y, slideCell, slideCell, draw.Style{Fill: draw.Tint(draw.Orange, 0.3), Stroke: draw.Orange})
				out.corner(c, t.i, t.j, "+"+figure(t.x*t.w))
			}
		})
		for _, t := range taps {
			at := cell{t.i, t.j}
			write(at, step-1)
			sum[at], since[at] = sum[at]+t.x*t.w, step
		}
		words[step] = sayf("step %d of %d", step+1, steps) + colon() +
			sayf("%s · kernel is added to rows %d to %d, columns %d to %d", factor(taps[0].x), taps[0].i, taps[len(taps)-1].i, taps[0].j, taps[len(taps)-1].j)
		s.paintFormula(c, step, words[step], bottom)
	}
	for i := -out.before[0]; i < l.out[0]+out.after[0]; i++ {
		for j := -out.before[1]; j < l.out[1]+out.after[1]; j++ {
			write(cell{i, j}, steps-1)
			if _, stamped := since[cell{i, j}]; !stamped { // output padding is never stamped
				out.number(c, i, j, 0, draw.Text{Color: draw.Grey})
			}
		}
	}
	return words
}

// paintFormula writes the step's words in as many lines as they need.
func (s Slide) paintFormula(c *draw.Canvas, step int, text string, bottom float64) {
	width, _ := c.Size()
	c.InFrame(step, func() {
		for i, line := range wrap(text, width-40) {
			c.Text(20, bottom+30+16*float64(i), line, draw.Text{})
		}
	})
}

// formulaLines is how many lines the longest step needs.
func (s Slide) formulaLines(l *layer, width float64) int {
	lines, steps := 1, l.steps(s.Transposed)
	for step := range steps {
		text := sayf("step %d of %d", steps, steps) + colon() + s.formula(s.taps(l, step), l.out[0], l.out[1])
		if s.Transposed {
			text = strings.Repeat("0", 60)
		}
		lines = max(lines, len(wrap(text, width)))
	}
	return lines
}

// wrap breaks a text at its blanks.
func wrap(text string, width float64) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(text) {
		if line != "" && draw.Width(line+" "+word, 12, false) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
