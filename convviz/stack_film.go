package convviz

import (
	"convlab/convviz/draw"
)

// row places planes side by side.
func (s Stack) row(n, rows, cols, pad int, x, y float64) []grid {
	grids := make([]grid, n)
	for i := range grids {
		grids[i] = grid{x: x, y: y, rows: rows, cols: cols, before: [2]int{pad, pad}, after: [2]int{pad, pad}, cell: stackCell}
		x += grids[i].width() + 22
	}
	return grids
}

func (s Stack) name(i int) string {
	if s.Names != nil {
		return say(s.Names[i])
	}
	return sayf("slice %d", i)
}

// under places narrower planes in the middle under others.
func under(above, grids []grid) {
	for i := range grids {
		grids[i].x = above[i].x + (above[i].width()-grids[i].width())/2
	}
}

// Film draws a step per output number. Planes of the input lie side by side
// with the kernel's slices under them; channels have their partial maps under
// those. Of several filters the one that moves is shown.
func (s Stack) Film() (*Film, error) {
	s, b, err := s.plan()
	if err != nil {
		return nil, err
	}
	const left, top = 96.0, 70.0
	in := s.row(b.in[0], b.in[1], b.in[2], s.Padding, left, top)
	y := top + in[0].height() + 34
	first := b.filters[0]
	slices := len(first)
	if !s.Volume {
		slices = b.in[0] // a slice stands under its channel
	}
	kernel := s.row(slices, len(first[0]), len(first[0][0]), 0, left, y)
	y += kernel[0].height() + 34
	var partial []grid
	if !s.Volume {
		partial = s.row(b.in[0], b.out[1], b.out[2], 0, left, y)
		wide := in
		if partial[0].width() > in[0].width() { // a large padding around a small input
			wide = partial
			under(partial, in)
		}
		under(wide, kernel)
		under(wide, partial)
		y += partial[0].height() + 34
	}
	out := s.row(b.out[0], b.out[1], b.out[2], 0, left, y)
	if !s.Volume {
		end, last := in[len(in)-1], out[len(out)-1]
		shift := max(0, (end.x+end.width()-left-(last.x+last.width()-left))/2)
		for i := range out {
			out[i].x += shift
		}
	}
	right := 0.0
	for _, g := range [][]grid{in, kernel, partial, out} {
		if len(g) > 0 {
			right = max(right, g[len(g)-1].x+g[len(g)-1].width())
		}
	}
	width, bottom := max(right+24, 460), y+out[0].height()
	c := draw.New(width, bottom+56)
	title := s.title(b)
	c.Text(width/2, 26, draw.Fit(title, 15, true, width-24), draw.Text{Size: 15, Bold: true, Anchor: draw.Middle})
	label := func(text string, g grid) {
		c.Text(16, g.y+g.height()/2+4, draw.Fit(text, 12, true, left-24), draw.Text{Bold: true})
	}
	paint := func(grids []grid, name func(i int) string) {
		for i, g := range grids {
			g.paint(c, name(i), draw.Card)
		}
	}
	number := func(i int) string { return sayf("slice %d", i) }
	label(say("input"), in[0])
	paint(in, s.name)
	label(say("kernel"), kernel[0])
	s.paintKernels(c, b, kernel)
	if partial != nil {
		label(say("partial"), partial[0])
		paint(partial, s.name)
		label(say("sum"), out[0])
		paint(out, func(i int) string {
			if len(out) > 1 {
				return sayf("map %d", i)
			}
			return sayf("with bias %s", figure(s.Bias))
		})
	} else {
		label(say("output"), out[0])
		paint(out, number)
	}
	words := s.steps(c, b, in, partial, out, bottom)
	for i, rows := range s.Input {
		for r, row := range rows {
			for k, v := range row {
				in[i].number(c, r, k, v, draw.Text{})
			}
		}
	}
	return c.Film(title+stop()+words[len(words)-1], s.seconds(), words)
}

// paintKernels draws the slices of the kernel, each filter's while it moves.
func (s Stack) paintKernels(c *draw.Canvas, b *box3, kernel []grid) {
	perFilter := len(b.computed) / len(b.filters)
	for f, filter := range b.filters {
		slices := func() {
			for i, rows := range filter {
				g := kernel[b.first(f)+i]
				g.paint(c, sayf("slice %d", i), draw.Tint(draw.Orange, 0.18))
				for r, row := range rows {
					for k, v := range row {
						g.number(c, r, k, v, draw.Text{})
					}
				}
			}
		}
		if len(b.filters) == 1 {
			slices()
		} else {
			c.During(f*perFilter, (f+1)*perFilter-1, slices)
		}
	}
}

// steps draws the window, the partial sums and the output number by number.
func (s Stack) steps(c *draw.Canvas, b *box3, in, partial, out []grid, bottom float64) []string {
	n := len(b.computed)
	perFilter := n / len(b.filters)
	words := make([]string, n)
	for step := range n {
		taps, filter, at := s.taps(b, step)
		c.InFrame(step, func() {
			for _, t := range taps {
				if t.d < 0 || t.d >= b.in[0] {
					continue // a plane of padding
				}
				x, y := in[t.d].at(t.r, t.c)
				c.Rect(x, y, stackCell, stackCell, draw.Style{Fill: draw.Tint(draw.Orange, 0.3), Stroke: draw.Orange})
			}
			x, y := out[at[0]].at(at[1], at[2])
			c.Rect(x, y, stackCell, stackCell, draw.Style{Fill: draw.Tint(draw.Blue, 0.3), Stroke: draw.Blue, Width: 2})
		})
		parts := sums(taps, len(b.filters[filter]))
		if partial != nil { // while this filter moves
			for i, v := range parts {
				c.During(step, (filter+1)*perFilter-1, func() { partial[b.first(filter)+i].number(c, at[1], at[2], v, draw.Text{}) })
			}
		}
		text, total := s.words(step, n, taps, parts)
		words[step] = text
		c.During(step, n-1, func() { out[at[0]].number(c, at[1], at[2], total, draw.Text{Bold: true}) })
		c.InFrame(step, func() {
			width, _ := c.Size()
			c.Text(16, bottom+34, draw.Fit(text, 12, false, width-32), draw.Text{})
		})
	}
	return words
}
