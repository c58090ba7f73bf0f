package convviz

import (
	"fmt"

	"convlab/convviz/draw"
)

// Film draws a step per output number. Planes of the input lie side by side
// with the kernel's slices under them; where slices or a bias are added up, the
// partial maps lie under those. A group has its colour from the input to the
// output, a channel that is read with others as far as its partial map.
func (s Stack) Film() (*Film, error) {
	s, b, err := s.plan()
	if err != nil {
		return nil, err
	}
	p := s.arrange(b)
	words, totals := s.steps(b, !s.Volume && !s.adds(b))
	lines := 1
	for _, text := range words {
		lines = max(lines, len(wrap(text, p.width-32)))
	}
	c := draw.New(p.width, p.bottom+34+16*float64(lines)+6)
	title := s.title(b)
	c.Text(p.width/2, 26, draw.Fit(title, 15, true, p.width-24), draw.Text{Size: 15, Bold: true, Anchor: draw.Middle})
	for _, row := range p.rows {
		c.Text(16, row.of.y+row.of.height()/2+4, draw.Fit(row.name, 12, true, stackLeft-24), draw.Text{Bold: true})
	}
	s.paintPlanes(c, b, p)
	s.paintSteps(c, b, p, words, totals)
	for i, rows := range s.Input {
		for r, row := range rows {
			for k, v := range row {
				ink := draw.Ink
				if s.between(i, r, k) {
					ink = draw.Grey
				}
				p.in[i].number(c, r, k, v, draw.Text{Color: ink})
			}
		}
	}
	return c.Film(title+stop()+words[len(words)-1], s.seconds(), words)
}

// paintPlanes draws all planes without the input's numbers.
func (s Stack) paintPlanes(c *draw.Canvas, b *box3, p *stackPlan) {
	room := 52.0
	if len(p.in) > 1 {
		room = p.in[1].x + p.in[1].width()/2 - p.in[0].x - p.in[0].width()/2 - 6
	} else {
		room = max(room, p.in[0].width()+2*stackGap)
	}
	paint := func(g grid, name string, ground draw.Color) {
		label := name
		if text := fmt.Sprintf("%s: %dx%d", name, g.rows, g.cols); name != "" && draw.Width(text, 12, false) <= room {
			label = text
		} else if name == "" {
			label = fmt.Sprintf("%dx%d", g.rows, g.cols)
		}
		c.Text(g.x+g.width()/2, g.y-8, draw.Fit(label, 12, false, room), draw.Text{Color: draw.Grey, Anchor: draw.Middle})
		g.cells(c, ground)
	}
	for i, g := range p.in {
		paint(g, s.name(i), draw.Tint(s.hue(b, i), 0.12))
		for r := range g.rows {
			for k := range g.cols {
				if s.between(i, r, k) {
					x, y := g.at(r, k)
					c.Rect(x, y, g.cell, g.cell, draw.Style{Fill: draw.Shade, Stroke: draw.Edge, Dash: 3})
				}
			}
		}
	}
	if p.heads {
		s.paintHeads(c, b, p)
	}
	perFilter := len(b.computed) / len(b.filters)
	for f, filter := range b.filters {
		slices := func() {
			for i, rows := range filter {
				name := sayf("slice %d", i)
				switch {
				case len(filter) == 1 && len(b.filters) > 1:
					name = sayf("kernel %d", f)
				case b.groups() > 1:
					name = fmt.Sprintf("%s, %d", sayf("kernel %d", f), i)
				}
				g := p.kernels[f][i]
				paint(g, name, draw.Tint(s.hue(b, b.first(f)+i), 0.22))
				for r, row := range rows {
					for k, v := range row {
						g.number(c, r, k, v, draw.Text{})
					}
				}
			}
		}
		first, last := f*perFilter, (f+1)*perFilter-1
		if b.perGroup > maxKernels {
			c.During(first, last, slices)
			continue
		}
		slices()
		if len(b.filters) > 1 {
			c.During(first, last, func() {
				for i, g := range p.kernels[f] {
					c.Rect(g.x, g.y, g.width(), g.height(), draw.Style{Stroke: s.hue(b, b.first(f)+i), Width: 2.5})
				}
			})
		}
	}
	for i, g := range p.partial {
		paint(g, s.name(i), draw.Tint(s.hue(b, i), 0.12))
	}
	for i, g := range p.out {
		ground, name := draw.Color(draw.Card), ""
		switch {
		case s.Volume:
			name = sayf("slice %d", i)
		case b.groups() > 1:
			ground, name = draw.Tint(s.mapHue(b, i), 0.12), sayf("map %d", i)
		case len(p.out) > 1:
			name = sayf("map %d", i)
		case s.Bias != 0:
			name = sayf("with bias %s", figure(s.Bias))
		}
		paint(g, name, ground)
	}
}

// paintHeads draws a line in the group's colour over the planes of each.
func (s Stack) paintHeads(c *draw.Canvas, b *box3, p *stackPlan) {
	slices := len(b.filters[0])
	for g := range b.groups() {
		first, last := p.in[g*slices], p.in[(g+1)*slices-1]
		y := first.y - 27
		c.Line(first.x, y, last.x+last.width(), y, draw.Style{Stroke: draw.Hue(g), Width: 3})
		c.Text((first.x+last.x+last.width())/2, y-7, sayf("group %d", g), draw.Text{Bold: true, Anchor: draw.Middle})
	}
}

// paintSteps draws the window, the partial sums and the output number by number.
func (s Stack) paintSteps(c *draw.Canvas, b *box3, p *stackPlan, words []string, totals []float64) {
	n := len(b.computed)
	perFilter := n / len(b.filters)
	mark := func(g grid, r, k int, hue draw.Color, width float64) {
		x, y := g.at(r, k)
		c.Rect(x, y, stackCell, stackCell, draw.Style{Fill: draw.Tint(hue, 0.35), Stroke: hue, Width: width})
	}
	for step := range n {
		taps, filter, at := s.taps(b, step)
		first, slices := b.first(filter), len(b.filters[filter])
		c.InFrame(step, func() {
			for _, t := range taps {
				if t.d >= 0 && t.d < b.in[0] { // not a plane of padding
					mark(p.in[t.d], t.r, t.c, s.hue(b, t.d), 1)
				}
			}
			if p.partial != nil {
				for i := range slices {
					mark(p.partial[first+i], at[1], at[2], s.hue(b, first+i), 2)
				}
			}
			mark(p.out[at[0]], at[1], at[2], s.mapHue(b, filter), 2)
		})
		last := (filter+1)*perFilter - 1 // while this filter moves
		if b.perGroup == 1 {
			last = n - 1 // no other needs the place
		}
		if p.partial != nil {
			for i, v := range sums(taps, slices) {
				c.During(step, last, func() { p.partial[first+i].number(c, at[1], at[2], v, draw.Text{}) })
			}
		}
		c.During(step, n-1, func() { p.out[at[0]].number(c, at[1], at[2], totals[step], draw.Text{Bold: true}) })
		c.InFrame(step, func() {
			for i, line := range wrap(words[step], p.width-32) {
				c.Text(16, p.bottom+34+16*float64(i), line, draw.Text{})
			}
		})
	}
}
