package convviz

import (
	"fmt"
	"math"
	"strings"

	"convlab/cnnlib"
	"convlab/internal/geometry"
)

// Stack is a kernel that slides over several planes at once. As channels
// (lesson 1.2.2) it has a slice for each plane, moves in height and width
// alone, and the partial maps are summed with the bias into one map. As a
// volume (lesson 1.3) it moves in depth too, and the output is planes again.
type Stack struct {
	Title         string
	Input, Kernel [][][]float64 // planes of rows
	// Filters are several kernels instead of Kernel, each of which makes a map
	// of its own, and Groups (0 means 1) splits channels and filters: a filter
	// reads those of its group alone and has as many slices (lesson 1.8).
	Filters  [][][][]float64
	Groups   int
	Names    []string // of the planes; nil: their numbers
	Volume   bool
	Bias     float64 // of every filter
	Stride   int     // 0 means 1; on all axes that the kernel moves along
	Padding  int
	Dilation int // 0 means 1
	// Transposed makes it the transposed convolution (lesson 1.4.1). It is
	// drawn as the plain one that gives the same: with zeros put between the
	// input's numbers, the kernel turned and a wider border.
	Transposed bool
	Output     [][][]float64 // what cnnlib computed; nil: not compared
	Seconds    float64       // that a step takes; 0 means 1

	spread spread // of a transposed stack, drawn as the plain one
}

// StackOf is the stack of a layer on these numbers: a Conv, or a TransposedConv
// with one filter, with the same window along all axes. Each filter has a slice
// for every plane that it reads, those of its group; their number and sizes are
// the layer's Out and Kernel, which need not be given. For a kernel that moves
// in depth too, set Volume.
func StackOf(l cnnlib.Layer, input [][][]float64, filters ...[][][]float64) (Stack, error) {
	s := Stack{Input: input}
	switch c := l.(type) {
	case cnnlib.Conv:
		if c.Same || c.Axes != nil {
			return s, fmt.Errorf("convviz: a stack takes its padding as a number, not as Same or Axes, got %s", c.Name())
		}
		s.Stride, s.Padding, s.Dilation, s.Groups = c.Stride, c.Padding, c.Dilation, c.Groups
	case cnnlib.TransposedConv:
		if c.Axes != nil || c.OutputPaddings != nil || c.OutputPadding != 0 || c.Groups > 1 || len(filters) != 1 {
			return s, fmt.Errorf("convviz: a transposed stack has one filter, its padding as a number, no Axes, OutputPadding or Groups, got %d filters of %s", len(filters), c.Name())
		}
		s.Transposed = true
		s.Stride, s.Padding, s.Dilation = c.Stride, c.Padding, c.Dilation
	default:
		return s, fmt.Errorf("convviz: a stack shows a Conv or a TransposedConv, got %T", l)
	}
	if s.Groups <= 1 && len(filters) == 1 {
		s.Kernel = filters[0]
	} else {
		s.Filters = filters
	}
	return s, nil
}

const stackCell = 26

// box3 is a stack as geometry sees it: sizes are depth, height, width.
type box3 struct {
	windows  []geometry.Window // depth, height, width
	filters  [][][][]float64   // each has the channels of its group
	perGroup int               // filters
	in, out  [3]int            // the output has a plane per filter, or those of the volume
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

// plan is check for the stack that is drawn.
func (s Stack) plan() (Stack, *box3, error) {
	if s.Transposed {
		var err error
		if s, err = s.plain(); err != nil {
			return s, nil, err
		}
	}
	b, err := s.check()
	return s, b, err
}

// check computes the output by the convolution's matrix. Channels are a
// depth that the kernel fills and does not move along.
func (s Stack) check() (*box3, error) {
	d, h, w, err := planes("input", s.Input)
	if err != nil {
		return nil, err
	}
	b := &box3{in: [3]int{d, h, w}, filters: s.Filters}
	if s.Filters == nil {
		b.filters = [][][][]float64{s.Kernel}
	}
	groups := max(s.Groups, 1)
	switch {
	case s.Filters != nil && s.Kernel != nil:
		return nil, fmt.Errorf("convviz: give Kernel or Filters, not both")
	case len(b.filters) == 0 || s.Groups < 0 || len(b.filters)%groups != 0 || d%groups != 0:
		return nil, fmt.Errorf("convviz: %d planes and %d filters cannot be split into %d groups", d, len(b.filters), s.Groups)
	case s.Volume && len(b.filters)*groups != 1:
		return nil, fmt.Errorf("convviz: a volume is drawn with one kernel, got %d in %d groups", len(b.filters), groups)
	case s.Stride < 0 || s.Dilation < 0 || math.IsNaN(s.Bias) || math.IsInf(s.Bias, 0):
		return nil, fmt.Errorf("convviz: stride %d, dilation %d, bias %g", s.Stride, s.Dilation, s.Bias)
	case s.Names != nil && len(s.Names) != d:
		return nil, fmt.Errorf("convviz: %d names for %d planes", len(s.Names), d)
	}
	b.perGroup = len(b.filters) / groups
	var kd, kh, kw int
	for f, kernel := range b.filters {
		nd, nh, nw, err := planes("kernel", kernel)
		if err != nil {
			return nil, err
		}
		if f > 0 && (nd != kd || nh != kh || nw != kw) {
			return nil, fmt.Errorf("convviz: filter %d is %dx%dx%d, filter 0 is %dx%dx%d", f, nd, nh, nw, kd, kh, kw)
		}
		kd, kh, kw = nd, nh, nw
	}
	for axis, k := range []int{kd, kh, kw} {
		win := geometry.Window{Kernel: k, Stride: max(s.Stride, 1), Dilation: max(s.Dilation, 1), PadBefore: s.Padding, PadAfter: s.Padding}
		if axis == 0 && !s.Volume {
			if kd != d/groups {
				return nil, fmt.Errorf("convviz: the kernel has slices for %d channels, the input has %d in %d groups", kd, d, groups)
			}
			win = geometry.Window{Kernel: k, Stride: 1, Dilation: 1}
		}
		b.windows = append(b.windows, win)
	}
	seen := [3]int{d / groups, h, w} // by one filter
	out, err := geometry.Output(b.windows, seen[:])
	if err != nil {
		return nil, fmt.Errorf("convviz: %w", err)
	}
	b.out = [3]int(out)
	if out[0]*out[1]*out[2]*len(b.filters) > maxSteps || d > 8 || h > 12 || w > 12 || s.Padding > 4 || kd*kh*kw > 125 || len(b.filters) > 16 {
		return nil, fmt.Errorf("convviz: %d kernels of %dx%dx%d over %dx%dx%d have too many steps to follow: take a smaller input", len(b.filters), kd, kh, kw, d, h, w)
	}
	for f, kernel := range b.filters {
		m, err := geometry.Conv{Windows: b.windows, In: 1, Out: 1, Groups: 1}.Matrix(seen[:], flat3(kernel))
		if err != nil {
			return nil, fmt.Errorf("convviz: %w", err)
		}
		first := b.first(f)
		y, err := m.Mul(flat3(s.Input[first : first+seen[0]]))
		if err != nil {
			return nil, fmt.Errorf("convviz: %w", err)
		}
		for _, v := range y {
			b.computed = append(b.computed, v+s.Bias)
		}
	}
	if !s.Volume {
		b.out[0] = len(b.filters)
	}
	return b, s.compare(b)
}

// first is the first plane that a filter reads.
func (b *box3) first(filter int) int { return filter / b.perGroup * len(b.filters[0]) }

// compare finds a difference between Output and what is drawn.
func (s Stack) compare(b *box3) error {
	if s.Output == nil {
		return nil
	}
	od, oh, ow, err := planes("output", s.Output)
	if err != nil {
		return err
	}
	if [3]int{od, oh, ow} != b.out {
		return fmt.Errorf("convviz: the output is %dx%dx%d, this layer gives %v", od, oh, ow, b.out)
	}
	for i, v := range flat3(s.Output) {
		if math.Abs(v-b.computed[i]) > 1e-4*max(1, math.Abs(v), math.Abs(b.computed[i])) {
			return fmt.Errorf("convviz: output number %d is %g, but its products sum to %g", i, v, b.computed[i])
		}
	}
	return nil
}

// tap3 is one product of a step.
type tap3 struct {
	slice   int // of the kernel
	d, r, c int // in the input; outside: in the padding
	x, w    float64
}

// taps are the products of a step, and the place of their sum in the output.
func (s Stack) taps(b *box3, step int) (taps []tap3, filter int, at [3]int) {
	at = [3]int{step / (b.out[1] * b.out[2]), step / b.out[2] % b.out[1], step % b.out[2]}
	var start [3]int
	for axis, w := range b.windows {
		start[axis], _ = w.Inputs(at[axis], at[axis])
	}
	if !s.Volume {
		filter = at[0]
		start[0] = b.first(filter)
	}
	for kd, rows := range b.filters[filter] {
		for kr, row := range rows {
			for kc, w := range row {
				t := tap3{slice: kd, w: w, d: start[0] + kd*b.windows[0].Dilation, r: start[1] + kr*b.windows[1].Dilation, c: start[2] + kc*b.windows[2].Dilation}
				if t.d >= 0 && t.d < b.in[0] && t.r >= 0 && t.r < b.in[1] && t.c >= 0 && t.c < b.in[2] {
					t.x = s.Input[t.d][t.r][t.c]
				}
				taps = append(taps, t)
			}
		}
	}
	return taps, filter, at
}

// sums adds the products slice by slice.
func sums(taps []tap3, slices int) []float64 {
	out := make([]float64, slices)
	for _, t := range taps {
		out[t.slice] += t.x * t.w
	}
	return out
}

// words are a step's: its products, the sums of the slices and their sum; or
// each product, where nothing else is added up.
func (s Stack) words(step, steps int, taps []tap3, parts []float64, each bool) (text string, total float64) {
	total = s.Bias
	var terms []string
	for _, v := range parts {
		total += v
		terms = append(terms, factor(v))
	}
	if s.Bias != 0 {
		terms = append(terms, factor(s.Bias))
	}
	text = sayf("step %d of %d", step+1, steps) + colon() + sayf("%d products", len(taps)) + Say(", ", "，")
	if each {
		terms = nil
		for _, t := range taps {
			terms = append(terms, factor(t.x)+"·"+factor(t.w))
		}
	}
	return text + strings.Join(terms, " + ") + " = " + figure(total), total
}

// steps are the words of all steps and the output numbers that they come to.
func (s Stack) steps(b *box3, each bool) (words []string, totals []float64) {
	for step := range b.computed {
		taps, filter, _ := s.taps(b, step)
		text, total := s.words(step, len(b.computed), taps, sums(taps, len(b.filters[filter])), each)
		words, totals = append(words, text), append(totals, total)
	}
	return words, totals
}

func (s Stack) title(b *box3) string {
	switch {
	case s.Title != "":
		return s.Title
	case s.Volume:
		return say("A kernel that moves in depth, height and width")
	case max(s.Groups, 1) > 1 && len(b.filters[0]) == 1 && b.perGroup == 1:
		return sayf("%d channels, each with a kernel of its own", b.in[0])
	case max(s.Groups, 1) > 1:
		return sayf("%d channels in %d groups, %d kernels", b.in[0], s.Groups, len(b.filters))
	case len(b.filters) > 1:
		return sayf("%d channels, %d kernels", b.in[0], len(b.filters))
	}
	return sayf("%d channels, one kernel", b.in[0])
}

func (s Stack) seconds() float64 {
	if s.Seconds == 0 {
		return 1
	}
	return s.Seconds
}
