package convviz

import (
	"fmt"

	"convlab/convviz/draw"
	"convlab/internal/geometry"
)

// Mixing is a layer as a map between channels: which of its inputs each of
// its outputs sees. Make one with Grouped or Shuffled.
type Mixing struct {
	name   string
	groups int
	reach  func(channels int) geometry.Reach
}

// Grouped is a convolution in that many groups (lesson 1.8), with as many
// output as input channels.
func Grouped(groups int) Mixing {
	return Mixing{name: sayf("%d groups", groups), groups: groups, reach: func(n int) geometry.Reach { return geometry.GroupReach(n, n, groups) }}
}

// Shuffled is a channel shuffle of that many groups (lesson 1.9).
func Shuffled(groups int) Mixing {
	return Mixing{name: sayf("shuffle of %d", groups), groups: groups, reach: func(n int) geometry.Reach { return geometry.ShuffleReach(n, groups) }}
}

const (
	channelStep = 24  // from a channel to the next
	layerStep   = 170 // from a layer to the next
	maxChannels = 48
)

// Reach draws channels as points and the layers between them as lines: which
// inputs reach the output channel unit through all layers is in orange, and
// the share of all pairs of input and output that are connected is written
// under each layer (lessons 1.8 and 1.9).
func Reach(channels, unit int, layers ...Mixing) (*Picture, error) {
	switch {
	case channels < 1 || channels > maxChannels:
		return nil, fmt.Errorf("convviz: %d channels cannot be drawn, from 1 to %d can", channels, maxChannels)
	case unit < 0 || unit >= channels:
		return nil, fmt.Errorf("convviz: there is no channel %d of %d", unit, channels)
	case len(layers) < 1 || len(layers) > 12:
		return nil, fmt.Errorf("convviz: %d layers cannot be drawn, from 1 to 12 can", len(layers))
	}
	reach := make([]geometry.Reach, len(layers))
	for i, l := range layers {
		if l.reach == nil || l.groups < 1 || channels%l.groups != 0 {
			return nil, fmt.Errorf("convviz: layer %d: %d channels cannot be split into %d groups", i, channels, l.groups)
		}
		reach[i] = l.reach(channels)
	}
	// on[i] are the channels before layer i that reach the unit.
	on := make([][]bool, len(layers)+1)
	on[len(layers)] = make([]bool, channels)
	on[len(layers)][unit] = true
	for i := len(layers) - 1; i >= 0; i-- {
		on[i] = make([]bool, channels)
		for o, row := range reach[i] {
			for c, sees := range row {
				on[i][c] = on[i][c] || sees && on[i+1][o]
			}
		}
	}
	left, top := 60.0, 60.0
	width := left*2 + layerStep*float64(len(layers))
	height := top + channelStep*float64(channels) + 56
	c := draw.New(width, height)
	c.Text(width/2, 26, draw.Fit(sayf("Which channels reach channel %d", unit), 15, true, width-24), draw.Text{Size: 15, Bold: true, Anchor: draw.Middle})
	px := func(layer int) float64 { return left + layerStep*float64(layer) }
	py := func(channel int) float64 { return top + channelStep*(float64(channel)+0.5) }
	lines := func(hot bool) { // the orange ones lie over the others
		for i, r := range reach {
			for o, row := range r {
				for ch, sees := range row {
					if !sees || (on[i][ch] && on[i+1][o]) != hot {
						continue
					}
					style := draw.Style{Stroke: draw.Edge}
					if hot {
						style = draw.Style{Stroke: draw.Orange, Width: 1.6}
					}
					c.Line(px(i), py(ch), px(i+1), py(o), style)
				}
			}
		}
	}
	lines(false)
	lines(true)
	var words string
	total := geometry.SelfReach(channels)
	for i := range on {
		count := 0
		for ch, hot := range on[i] {
			ground, edge := draw.Card, draw.Grey
			if hot {
				ground, edge = draw.Orange, draw.Orange
				count++
			}
			c.Circle(px(i), py(ch), 8, draw.Style{Fill: ground, Stroke: edge})
			ink := draw.On(ground)
			c.Text(px(i), py(ch)+3.2, fmt.Sprint(ch), draw.Text{Size: 9, Color: ink, Anchor: draw.Middle})
		}
		if i == 0 {
			words = sayf("%d of %d inputs reach channel %d", count, channels, unit) + full()
			continue
		}
		total = total.Then(reach[i-1])
		middle := (px(i-1) + px(i)) / 2
		c.Text(middle, top-8, layers[i-1].name, draw.Text{Color: draw.Grey, Anchor: draw.Middle})
		text := sayf("%.0f %% connected", 100*total.Share())
		c.Text(px(i), height-42, text, draw.Text{Size: 11, Anchor: draw.Middle})
		words += Say(" ", "") + layers[i-1].name + colon() + text + full()
	}
	c.Text(width/2, height-16, sayf("%d of %d inputs reach channel %d", count(on[0]), channels, unit), draw.Text{Anchor: draw.Middle})
	return c.Picture(words)
}

func count(marks []bool) int {
	n := 0
	for _, m := range marks {
		if m {
			n++
		}
	}
	return n
}

// Connections draws a layer between channels as a matrix: blocks on the
// diagonal for groups, a permutation for a shuffle, everything for neither
// (lessons 1.8 and 1.9). The note counts the weights of one kernel position.
func Connections(channels int, m Mixing) (*Picture, error) {
	if channels < 1 || channels > maxChannels || m.reach == nil || m.groups < 1 || channels%m.groups != 0 {
		return nil, fmt.Errorf("convviz: %d channels (at most %d) cannot be split into %d groups", channels, maxChannels, m.groups)
	}
	values, texts, labels, n := make([][]float64, channels), make([][]string, channels), make([]string, channels), 0
	for o, row := range m.reach(channels) {
		values[o], texts[o], labels[o] = make([]float64, channels), make([]string, channels), fmt.Sprint(o)
		for c, sees := range row {
			texts[o][c] = "·"
			if sees {
				values[o][c], texts[o][c] = 1, "×"
				n++
			}
		}
	}
	note := sayf("%d of %d pairs are connected", n, channels*channels)
	return draw.Matrix{Title: m.name, XLabel: say("input channel"), YLabel: say("output channel"), Rows: labels, Cols: labels, Values: values, Texts: texts,
		Lo: 0, Hi: 2, Note: note, Cell: 20, Alt: m.name + colon() + note + full()}.Draw()
}
