package convviz

import (
	"fmt"

	"convlab/cnnlib"
	"convlab/convviz/draw"
)

// ReceptiveField draws how the receptive field grows along the height (lesson 2.1): the
// unit in the middle of the last layer that does not see the whole input, the
// units of each layer below that it sees, down to the pixels of the input.
// Few units are drawn as planes in perspective, with the window of one unit of
// each plane; of many, a line stands for the height alone. Padding that the unit
// sees is grey. Where the network branches, the layers are those of the branch
// that sees most, and the units are all that are seen through any of the
// branches.
func ReceptiveField(net cnnlib.Sequential, in []int) (*Picture, error) {
	g, err := grow(net, in, 0)
	if err != nil {
		return nil, err
	}
	n := len(g.layers)
	names, sizes, ranges := make([]string, n), []int{in[0]}, [][2]int{g.seen} // of each layer, input first
	for i, l := range g.layers {
		names[i], sizes, ranges = l.name, append(sizes, l.size), append(ranges, l.seen)
	}
	unit := ranges[n][0]
	most := 0
	for _, r := range ranges {
		most = max(most, r[1]-r[0]+1)
	}
	if most > 400 || n > 30 {
		return nil, fmt.Errorf("convviz: %d layers that see %d pixels are too many to draw: draw fewer, as a network of the first ones, or with ReceptiveFieldOn what one unit sees", n, most)
	}
	note := sayf("unit %d of %s sees %d pixels, rows %d to %d", unit, g.name, ranges[0][1]-ranges[0][0]+1, ranges[0][0], ranges[0][1])
	across, err := grow(net, in, 1)
	if err != nil {
		return nil, err
	}
	if p, err := fieldPlanes(g, across, [2]int{in[0], in[1]}, note); p != nil || err != nil {
		return p, err
	}
	side := min(22, 640/float64(most))
	const left, step, top = 150.0, 62.0, 48.0
	width := max(left+side*float64(most)+130, draw.Width(note, 12, false)+32)
	height := top + step*float64(n) + 60
	c := draw.New(width, height)
	c.Text(width/2, 26, draw.Fit(say("Growth of the receptive field"), 15, true, width-24), draw.Text{Size: 15, Bold: true, Anchor: draw.Middle})
	middle := (left + width - 130) / 2
	y := func(layer int) float64 { return top + step*float64(n-layer) } // the last layer on top
	edge := func(layer, unit int) float64 {
		r := ranges[layer]
		return middle + side*(float64(unit-r[0])-float64(r[1]-r[0]+1)/2)
	}
	for i := n - 1; i >= 0; i-- { // a funnel from each unit to what it sees
		for u := ranges[i+1][0]; u <= ranges[i+1][1]; u++ {
			first, last := g.layers[i].inputs(u, u)
			if first > last {
				continue
			}
			style := draw.Style{Stroke: draw.Edge}
			if u == ranges[i+1][0] || u == ranges[i+1][1] {
				style = draw.Style{Stroke: draw.Orange}
			}
			c.Line(edge(i+1, u), y(i+1)+side, edge(i, first), y(i), style)
			c.Line(edge(i+1, u+1), y(i+1)+side, edge(i, last+1), y(i), style)
		}
	}
	words := say("Growth of the receptive field") + ":"
	for i := 0; i <= n; i++ {
		r := ranges[i]
		for u := r[0]; u <= r[1]; u++ {
			ground := draw.Tint(draw.Blue, 0.25)
			if i == 0 {
				ground = draw.Tint(draw.Orange, 0.3)
			}
			if u < 0 || u >= sizes[i] {
				ground = draw.Shade
			}
			c.Rect(edge(i, u), y(i), side, side, draw.Style{Fill: ground, Stroke: draw.Grey})
		}
		name := say("input")
		if i > 0 {
			name = names[i-1]
		}
		seen := sayf("%d of %d", r[1]-r[0]+1, sizes[i])
		c.Text(16, y(i)+side/2+4, draw.Fit(name, 12, true, 130), draw.Text{Bold: true})
		c.Text(width-16, y(i)+side/2+4, seen, draw.Text{Color: draw.Grey, Anchor: draw.End})
		words += " " + name + " " + seen + ";"
	}
	c.Text(width/2, height-16, note, draw.Text{Anchor: draw.Middle})
	return c.Picture(words + " " + note + ".")
}
