package convviz

import (
	"fmt"
	"math"
	"strings"

	"convlab/convviz/draw"
	"convlab/internal/geometry"
)

// Stack is a kernel that slides over several planes at once. As channels
// (lesson 1.2.2) it has a slice for each plane, moves in height and width
// alone, and the partial maps are summed with the bias into one map. As a
// volume (lesson 1.3) it moves in depth too, and the output is planes again.
type Stack struct {
	Title         string
	Input, Kernel [][][]float64 // planes of rows
	Names         []string      // of the planes; nil: their numbers
	Volume        bool
	Bias          float64
	Stride        int // 0 means 1; on all axes that the kernel moves along
	Padding       int
	Output        [][][]float64 // what cnnlib computed; nil: not compared
	Seconds       float64       // a step takes; 0 means 1
}

const stackCell = 26

// box is a stack as geometry sees it: sizes are depth, height, width.
type box3 struct {
	windows  []geometry.Window // depth, height, width
	in, out  [3]int
	computed []float64
}

func planes(name string, p [][][]float64) (d, h, w int, err error) {
	if len(p) == 0 {
		return 0, 0, 0, fmt.Errorf("convviz: the %s is empty", name)
	}
	for i, rows := range p {
		ph, pw, err := size(fmt.Sprintf("%s's plane %d", name, i), rows)
		if err != nil {
			return 0, 0, 0, err
		}
		if i > 0 && (ph != h || pw != w) {
			return 0, 0, 0, fmt.Errorf("convviz: the %s's plane %d is %dx%d, plane 0 is %dx%d", name, i, ph, pw, h, w)
		}
		h, w = ph, pw
	}
	return len(p), h, w, nil
}

func flat3(p [][][]float64) []float64 {
	var all []float64
	for _, rows := range p {
		all = append(all, flat(rows)...)
	}
	return all
}

// check computes the output by the convolution's matrix. Channels are a
// depth that the kernel fills and does not move along.
func (s Stack) check() (*box3, error) {
	d, h, w, err := planes("input", s.Input)
	if err != nil {
		return nil, err
	}
	kd, kh, kw, err := planes("kernel", s.Kernel)
	if err != nil {
		return nil, err
	}
	if s.Stride < 0 || math.IsNaN(s.Bias) || math.IsInf(s.Bias, 0) {
		return nil, fmt.Errorf("convviz: stride %d, bias %g", s.Stride, s.Bias)
	}
	if s.Names != nil && len(s.Names) != d {
		return nil, fmt.Errorf("convviz: %d names for %d planes", len(s.Names), d)
	}
	b := &box3{in: [3]int{d, h, w}}
	for axis, k := range []int{kd, kh, kw} {
		win := geometry.Window{Kernel: k, Stride: max(s.Stride, 1), Dilation: 1, PadBefore: s.Padding, PadAfter: s.Padding}
		if axis == 0 && !s.Volume {
			if kd != d {
				return nil, fmt.Errorf("convviz: the kernel has slices for %d channels, the input has %d", kd, d)
			}
			win = geometry.Window{Kernel: k, Stride: 1, Dilation: 1}
		}
		b.windows = append(b.windows, win)
	}
	out, err := geometry.Output(b.windows, b.in[:])
	if err != nil {
		return nil, fmt.Errorf("convviz: %w", err)
	}
	b.out = [3]int(out)
	if out[0]*out[1]*out[2] > maxSteps || d > 8 || h > 12 || w > 12 || s.Padding > 4 || kd*kh*kw > 125 {
		return nil, fmt.Errorf("convviz: a kernel of %dx%dx%d over %dx%dx%d has too many steps to follow: take a smaller input", kd, kh, kw, d, h, w)
	}
	m, err := geometry.Conv{Windows: b.windows, In: 1, Out: 1, Groups: 1}.Matrix(b.in[:], flat3(s.Kernel))
	if err != nil {
		return nil, fmt.Errorf("convviz: %w", err)
	}
	if b.computed, err = m.Mul(flat3(s.Input)); err != nil {
		return nil, fmt.Errorf("convviz: %w", err)
	}
	for i := range b.computed {
		b.computed[i] += s.Bias
	}
	if s.Output == nil {
		return b, nil
	}
	od, oh, ow, err := planes("output", s.Output)
	if err != nil {
		return nil, err
	}
	if [3]int{od, oh, ow} != b.out {
		return nil, fmt.Errorf("convviz: the output is %dx%dx%d, this layer gives %v", od, oh, ow, b.out)
	}
	for i, v := range flat3(s.Output) {
		if math.Abs(v-b.computed[i]) > 1e-4*max(1, math.Abs(v), math.Abs(b.computed[i])) {
			return nil, fmt.Errorf("convviz: output number %d is %g, but its products sum to %g", i, v, b.computed[i])
		}
	}
	return b, nil
}

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

// Film draws a step per output number. Planes of the input lie side by side
// with the kernel's slices under them; channels have their partial maps under
// those.
func (s Stack) Film() (*Film, error) {
	b, err := s.check()
	if err != nil {
		return nil, err
	}
	const left, top = 96.0, 70.0
	in := s.row(b.in[0], b.in[1], b.in[2], s.Padding, left, top)
	y := top + in[0].height() + 34
	kernel := s.row(len(s.Kernel), len(s.Kernel[0]), len(s.Kernel[0][0]), 0, left, y)
	if !s.Volume { // a slice stands under its channel
		for i := range kernel {
			kernel[i].x = in[i].x + (in[i].width()-kernel[i].width())/2
		}
	}
	y += kernel[0].height() + 34
	var partial []grid
	if !s.Volume {
		partial = s.row(b.in[0], b.out[1], b.out[2], 0, left, y)
		for i := range partial {
			partial[i].x = in[i].x + (in[i].width()-partial[i].width())/2
		}
		y += partial[0].height() + 34
	}
	out := s.row(b.out[0], b.out[1], b.out[2], 0, left, y)
	if !s.Volume {
		last := in[len(in)-1]
		out[0].x = left + (last.x+last.width()-left-out[0].width())/2
	}
	right := 0.0
	for _, g := range [][]grid{in, kernel, out} {
		right = max(right, g[len(g)-1].x+g[len(g)-1].width())
	}
	width, bottom := max(right+24, 460), y+out[0].height()
	c := draw.New(width, bottom+56)
	title := s.Title
	if title == "" {
		title = sayf("%d channels, one kernel", b.in[0])
		if s.Volume {
			title = say("A kernel that moves in depth, height and width")
		}
	}
	c.Text(width/2, 26, draw.Fit(title, 15, true, width-24), draw.Text{Size: 15, Bold: true, Anchor: draw.Middle})
	paint := func(label string, grids []grid, fill draw.Color, name func(i int) string) {
		c.Text(16, grids[0].y+grids[0].height()/2+4, draw.Fit(label, 12, true, left-24), draw.Text{Bold: true})
		for i, g := range grids {
			g.paint(c, name(i), fill)
		}
	}
	number := func(i int) string { return sayf("slice %d", i) }
	paint(say("input"), in, draw.Card, s.name)
	paint(say("kernel"), kernel, draw.Tint(draw.Orange, 0.18), number)
	if partial != nil {
		paint(say("partial"), partial, draw.Card, s.name)
		paint(say("sum"), out, draw.Card, func(int) string { return sayf("with bias %s", figure(s.Bias)) })
	} else {
		paint(say("output"), out, draw.Card, number)
	}
	for i, rows := range s.Kernel {
		for r, row := range rows {
			for k, v := range row {
				kernel[i].number(c, r, k, v, draw.Text{})
			}
		}
	}
	words := s.steps(c, b, in, partial, out, bottom)
	for i, rows := range s.Input {
		for r, row := range rows {
			for k, v := range row {
				in[i].number(c, r, k, v, draw.Text{})
			}
		}
	}
	seconds := s.Seconds
	if seconds == 0 {
		seconds = 1
	}
	return c.Film(title+". "+words[len(words)-1], seconds, words)
}

// steps draws the window, the partial sums and the output number by number.
func (s Stack) steps(c *draw.Canvas, b *box3, in, partial, out []grid, bottom float64) []string {
	n := len(b.computed)
	words := make([]string, n)
	for step := range n {
		at := [3]int{step / (b.out[1] * b.out[2]), step / b.out[2] % b.out[1], step % b.out[2]}
		var start [3]int
		for axis, w := range b.windows {
			start[axis], _ = w.Inputs(at[axis], at[axis])
		}
		sums, products := make([]float64, len(s.Kernel)), 0
		c.InFrame(step, func() {
			for kd, rows := range s.Kernel {
				d := start[0] + kd
				for kr, row := range rows {
					for kc, w := range row {
						products++
						r, k := start[1]+kr, start[2]+kc
						if d < 0 || d >= b.in[0] {
							continue // a plane of padding
						}
						x, y := in[d].at(r, k)
						c.Rect(x, y, stackCell, stackCell, draw.Style{Fill: draw.Tint(draw.Orange, 0.3), Stroke: draw.Orange})
						if r >= 0 && r < b.in[1] && k >= 0 && k < b.in[2] {
							sums[kd] += w * s.Input[d][r][k]
						}
					}
				}
			}
			x, y := out[at[0]].at(at[1], at[2])
			c.Rect(x, y, stackCell, stackCell, draw.Style{Fill: draw.Tint(draw.Blue, 0.3), Stroke: draw.Blue, Width: 2})
		})
		total := s.Bias
		var parts []string
		for i, v := range sums {
			total += v
			parts = append(parts, factor(v))
			if partial != nil {
				c.During(step, n-1, func() { partial[i].number(c, at[1], at[2], v, draw.Text{}) })
			}
		}
		if partial != nil {
			parts = append(parts, factor(s.Bias))
		}
		c.During(step, n-1, func() { out[at[0]].number(c, at[1], at[2], total, draw.Text{Bold: true}) })
		words[step] = sayf("step %d of %d", step+1, n) + ": " + sayf("%d products", products) + ", " + strings.Join(parts, " + ") + " = " + figure(total)
		c.InFrame(step, func() {
			width, _ := c.Size()
			c.Text(16, bottom+34, draw.Fit(words[step], 12, false, width-32), draw.Text{})
		})
	}
	return words
}
