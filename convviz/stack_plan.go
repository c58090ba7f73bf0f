package convviz

import "convlab/convviz/draw"

// stackLeft is where planes begin, right of what their rows are called;
// between planes, groups and rows are the gaps.
const (
	stackLeft  = 96.0
	stackGap   = 22.0
	groupGap   = 16.0
	rowGap     = 36.0
	maxKernels = 4 // of a group that are seen at once: of more the one that moves
)

// stackPlan is where all planes of a stack's film are.
type stackPlan struct {
	in, partial, out []grid
	kernels          [][]grid // the slices of each filter
	width, bottom    float64
	rows             []stackRow
	heads            bool // there is a line over each group
}

// stackRow is a row of planes with its name.
type stackRow struct {
	name string
	of   grid
}

// hue is the colour of plane i: a photo's planes have their own, groups have
// one each, and so have the channels of a kernel that reads all of them. A
// volume's slices are of one colour.
func (s Stack) hue(b *box3, i int) draw.Color {
	if s.Names != nil {
		for k, name := range []string{"red", "green", "blue"} {
			if s.Names[i] == name {
				return draw.RGB[k]
			}
		}
	}
	switch {
	case s.Volume:
		return draw.Orange
	case b.groups() > 1:
		return draw.Hue(i / len(b.filters[0]))
	}
	return draw.Hue(i)
}

// mapHue is the colour of what a filter gives.
func (s Stack) mapHue(b *box3, filter int) draw.Color {
	if b.groups() > 1 {
		return draw.Hue(filter / b.perGroup)
	}
	return draw.Blue
}

func (b *box3) groups() int { return len(b.filters) / b.perGroup }

// adds tells whether slices or a bias are added up. A filter of one slice
// without a bias gives its map at once.
func (s Stack) adds(b *box3) bool { return len(b.filters[0]) > 1 || s.Bias != 0 }

func (s Stack) name(i int) string {
	switch {
	case s.Names != nil:
		return say(s.Names[i])
	case s.Volume:
		return sayf("slice %d", i)
	}
	return sayf("channel %d", i)
}

// arrange gives every plane its place: the planes of the input side by side,
// and under each what is made of it.
func (s Stack) arrange(b *box3) *stackPlan {
	p := &stackPlan{heads: b.groups() > 1 && len(b.filters[0]) > 1}
	plane := func(rows, cols, pad int) grid {
		return grid{rows: rows, cols: cols, before: [2]int{pad, pad}, after: [2]int{pad, pad}, cell: stackCell}
	}
	slices := len(b.filters[0])
	input, kernel, made := plane(b.in[1], b.in[2], s.Padding), plane(len(b.filters[0][0]), len(b.filters[0][0][0]), 0), plane(b.out[1], b.out[2], 0)
	column := max(input.width(), kernel.width(), made.width(), 52)
	columns := b.in[0] // a slice of the kernel and a partial map stand under their channel
	if s.Volume {
		columns = max(columns, slices, b.out[0])
	}
	middles := make([]float64, columns)
	x := stackLeft
	for i := range middles {
		if i > 0 && b.groups() > 1 && i%slices == 0 {
			x += groupGap
		}
		middles[i] = x + column/2
		x += column + stackGap
	}
	p.width = x
	y := 70.0
	if p.heads {
		y += 20
	}
	put := func(g grid, middle float64) grid {
		g.x, g.y = middle-g.width()/2, y
		return g
	}
	next := func(name string, g grid) {
		p.rows = append(p.rows, stackRow{name, g})
		y += g.height() + rowGap
	}
	for i := range b.in[0] {
		p.in = append(p.in, put(input, middles[i]))
	}
	next(say("input"), p.in[0])
	p.kernels = make([][]grid, len(b.filters))
	shown := b.perGroup
	if shown > maxKernels {
		shown = 1
	}
	for k := range shown {
		var last grid
		for f := range b.filters {
			if shown == b.perGroup && f%b.perGroup != k {
				continue
			}
			for i := range slices {
				last = put(kernel, middles[b.first(f)+i])
				p.kernels[f] = append(p.kernels[f], last)
			}
		}
		name := say("kernel")
		if shown > 1 && b.groups() == 1 {
			name = sayf("kernel %d", k)
		}
		next(name, last)
	}
	if !s.Volume && s.adds(b) {
		for i := range b.in[0] {
			p.partial = append(p.partial, put(made, middles[i]))
		}
		next(say("partial"), p.partial[0])
	}
	p.out = make([]grid, b.out[0])
	result := say("output")
	if p.partial != nil {
		result = say("sum")
	}
	switch {
	case s.Volume:
		for i := range p.out {
			p.out[i] = put(made, middles[i])
		}
		next(result, p.out[0])
	case b.groups() > 1: // under its group, kernel by kernel
		for k := range b.perGroup {
			for f := k; f < len(p.out); f += b.perGroup {
				p.out[f] = put(made, (middles[b.first(f)]+middles[b.first(f)+slices-1])/2)
			}
			next(result, p.out[k])
		}
	default: // all read all: side by side in the middle
		step := column + stackGap
		from := max((middles[0]+middles[len(middles)-1])/2-step*float64(len(p.out)-1)/2, stackLeft+column/2)
		for f := range p.out {
			p.out[f] = put(made, from+step*float64(f))
		}
		p.width = max(p.width, from+step*float64(len(p.out)-1)+column/2+stackGap)
		next(result, p.out[0])
	}
	p.width, p.bottom = max(p.width+4, 460), y-rowGap
	return p
}
