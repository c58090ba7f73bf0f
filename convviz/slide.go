package convviz

import (
	"fmt"
	"math"
	"strconv"

	"convlab/cnnlib"
	"convlab/internal/geometry"
)

// Slide is a kernel that slides over one channel, to be shown step by step
// (lessons 1.1 to 1.6): every product of every output cell. Rows of numbers
// are images and kernels of any size; a single row is the 1D case.
type Slide struct {
	Title         string
	Input, Kernel [][]float64
	Stride        int // 0 means 1
	Padding       int
	Dilation      int         // 0 means 1
	Transposed    bool        // stamp the kernel instead (lesson 1.4.1)
	OutputPadding int         // of a transposed convolution
	Output        [][]float64 // what cnnlib computed; nil: not compared
	Seconds       float64     // that a step takes; 0 means 1

	spread spread // of a transposed one that is drawn as the plain one
}

// SlideOf is the slide of a layer on these numbers: a Conv or a TransposedConv
// with the same window along both axes, whose Out and Kernel are not needed.
// output is what the layer gives, as cnnlib.Convolve computes it; with nil it is
// not compared.
func SlideOf(l cnnlib.Layer, input, kernel, output [][]float64) (Slide, error) {
	s := Slide{Input: input, Kernel: kernel, Output: output}
	switch c := l.(type) {
	case cnnlib.Conv:
		if c.Same || c.Axes != nil || c.Groups > 1 {
			return s, fmt.Errorf("convviz: a slide shows one channel and takes its padding as a number, not as Same, Axes or Groups, got %s", c.Name())
		}
		s.Stride, s.Padding, s.Dilation = c.Stride, c.Padding, c.Dilation
	case cnnlib.TransposedConv:
		if c.Axes != nil || c.OutputPaddings != nil || c.Groups > 1 {
			return s, fmt.Errorf("convviz: a slide shows one channel and takes its padding as a number, not as Axes, OutputPaddings or Groups, got %s", c.Name())
		}
		s.Transposed, s.OutputPadding = true, c.OutputPadding
		s.Stride, s.Padding, s.Dilation = c.Stride, c.Padding, c.Dilation
	default:
		return s, fmt.Errorf("convviz: a slide shows a Conv or a TransposedConv, got %T", l)
	}
	return s, nil
}

// layer is the slide as geometry sees it.
type layer struct {
	conv     geometry.Conv
	in, out  [2]int
	pad      [2]int
	stamped  [2]int // transposed: the output before padding is cut off
	computed []float64
}

// maxSteps bounds the cells of a film: a larger one cannot be read.
const maxSteps = 144

func size(name string, rows [][]float64) (h, w int, err error) {
	if len(rows) == 0 || len(rows[0]) == 0 {
		return 0, 0, fmt.Errorf("convviz: the %s is empty", name)
	}
	if max(len(rows), len(rows[0])) > maxSide {
		return 0, 0, fmt.Errorf("convviz: the %s is %dx%d, at most %d on each side can be drawn", name, len(rows), len(rows[0]), maxSide)
	}
	for i, row := range rows {
		if len(row) != len(rows[0]) {
			return 0, 0, fmt.Errorf("convviz: the %s has %d numbers in row %d and %d in row 0", name, len(row), i, len(rows[0]))
		}
		for _, v := range row {
			if math.IsNaN(v) || math.IsInf(v, 0) {
				return 0, 0, fmt.Errorf("convviz: the %s holds %g", name, v)
			}
		}
	}
	return len(rows), len(rows[0]), nil
}

func flat(rows [][]float64) []float64 {
	var all []float64
	for _, row := range rows {
		all = append(all, row...)
	}
	return all
}

// layer checks the slide and computes its output by the convolution's matrix,
// another way than that of the products that are drawn.
func (s Slide) layer() (*layer, error) {
	h, w, err := size("input", s.Input)
	if err != nil {
		return nil, err
	}
	kh, kw, err := size("kernel", s.Kernel)
	if err != nil {
		return nil, err
	}
	l := &layer{in: [2]int{h, w}}
	for axis, k := range []int{kh, kw} {
		win := geometry.Window{Kernel: k, Stride: max(s.Stride, 1), Dilation: max(s.Dilation, 1), PadBefore: s.Padding, PadAfter: s.Padding,
			Transposed: s.Transposed, OutputPadding: s.OutputPadding}
		if l.in[axis] == 1 && k == 1 { // the axis that a 1D kernel does not have
			win = geometry.Window{Kernel: 1, Stride: 1, Dilation: 1, Transposed: s.Transposed}
		}
		l.conv.Windows = append(l.conv.Windows, win)
		l.pad[axis] = win.PadBefore
		l.stamped[axis] = (l.in[axis]-1)*win.Stride + win.Span() + win.OutputPadding
	}
	if s.Stride < 0 || s.Dilation < 0 {
		return nil, fmt.Errorf("convviz: stride %d and dilation %d must not be negative", s.Stride, s.Dilation)
	}
	l.conv.In, l.conv.Out, l.conv.Groups = 1, 1, 1
	out, err := geometry.Output(l.conv.Windows, l.in[:])
	if err != nil {
		return nil, fmt.Errorf("convviz: %w", err)
	}
	l.out = [2]int{out[0], out[1]}
	if steps := l.steps(s.Transposed); steps > maxSteps || h*w > 400 || out[0]*out[1] > 400 || kh*kw > 100 || s.Padding > 20 {
		return nil, fmt.Errorf("convviz: %d steps of a %dx%d kernel over %dx%d with padding %d are too many to follow: take a smaller input", steps, kh, kw, h, w, s.Padding)
	}
	m, err := l.conv.Matrix(l.in[:], flat(s.Kernel))
	if err != nil {
		return nil, fmt.Errorf("convviz: %w", err)
	}
	if l.computed, err = m.Mul(flat(s.Input)); err != nil {
		return nil, fmt.Errorf("convviz: %w", err)
	}
	return l, s.compare(l)
}

// compare finds a difference between Output and what is drawn.
func (s Slide) compare(l *layer) error {
	if s.Output == nil {
		return nil
	}
	h, w, err := size("output", s.Output)
	if err != nil {
		return err
	}
	if h != l.out[0] || w != l.out[1] {
		return fmt.Errorf("convviz: the output is %dx%d, this layer gives %dx%d", h, w, l.out[0], l.out[1])
	}
	for i, v := range flat(s.Output) {
		if math.Abs(v-l.computed[i]) > 1e-4*max(1, math.Abs(v), math.Abs(l.computed[i])) {
			return fmt.Errorf("convviz: output[%d][%d] is %g, but its products sum to %g", i/w, i%w, v, l.computed[i])
		}
	}
	return nil
}

// steps is a step per output cell, or per input cell when stamping.
func (l *layer) steps(transposed bool) int {
	if transposed {
		return l.in[0] * l.in[1]
	}
	return l.out[0] * l.out[1]
}

// tap is one product of a step.
type tap struct {
	ki, kj int // in the kernel
	i, j   int // in the input, or when stamping in the output; outside: in the padding
	x, w   float64
}

// taps are the products of a step, kernel row by kernel row.
func (s Slide) taps(l *layer, step int) []tap {
	cols := l.out[1]
	if s.Transposed {
		cols = l.in[1]
	}
	at := [2]int{step / cols, step % cols}
	var start [2]int
	for axis, win := range l.conv.Windows {
		win.Transposed, win.OutputPadding = false, 0 // stamping walks the same window over the output
		start[axis], _ = win.Inputs(at[axis], at[axis])
	}
	var taps []tap
	for ki, row := range s.Kernel {
		for kj, w := range row {
			t := tap{ki: ki, kj: kj, w: w, i: start[0] + ki*l.conv.Windows[0].Dilation, j: start[1] + kj*l.conv.Windows[1].Dilation}
			if s.Transposed {
				t.x = s.Input[at[0]][at[1]]
			} else if t.i >= 0 && t.i < l.in[0] && t.j >= 0 && t.j < l.in[1] {
				t.x = s.Input[t.i][t.j]
			}
			taps = append(taps, t)
		}
	}
	return taps
}

// figure writes a number short: at most four digits.
func figure(v float64) string {
	if v == 0 {
		return "0"
	}
	return strconv.FormatFloat(v, 'g', 4, 64)
}

// factor writes a number in a product: a negative one in brackets.
func factor(v float64) string {
	if v < 0 {
		return "(" + figure(v) + ")"
	}
	return figure(v)
}
