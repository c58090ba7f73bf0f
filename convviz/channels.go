package convviz

import (
	"fmt"
	"math"
	"slices"

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

// ChannelReach draws channels as points and the layers between them as lines. A group of
// the input has its colour, which goes with its channels: a point has the colours
// of all groups that reach it. What reaches the output channel unit is thick, and
// the share of all pairs of input and output that are connected is written
// under each layer (lessons 1.8 and 1.9).
func ChannelReach(channels, unit int, layers ...Mixing) (*Picture, error) {
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
	origins := originsOf(channels, layers[0].groups, reach)
	lines := func(hot bool) { // those to the unit lie over the others
		for i, r := range reach {
			for o, row := range r {
				for ch, sees := range row {
					if !sees || (on[i][ch] && on[i+1][o]) != hot {
						continue
					}
					style := draw.Style{Stroke: draw.Edge}
					if hot {
						style = draw.Style{Stroke: draw.Ink, Width: 2}
						if from := origins[i][ch]; len(from) == 1 {
							style.Stroke = draw.Hue(from[0])
						}
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
			if hot {
				count++
			}
			paintChannel(c, px(i), py(ch), ch, origins[i][ch], hot)
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

// originsOf tells for each channel before and after each layer which groups of
// the input reach it.
func originsOf(channels, groups int, reach []geometry.Reach) [][][]int {
	now := make([][]int, channels)
	for ch := range now {
		now[ch] = []int{ch * groups / channels}
	}
	all := [][][]int{now}
	for _, r := range reach {
		next := make([][]int, channels)
		for o, row := range r {
			for ch, sees := range row {
				if sees {
					next[o] = append(next[o], now[ch]...)
				}
			}
			slices.Sort(next[o])
			next[o] = slices.Compact(next[o])
		}
		now = next
		all = append(all, now)
	}
	return all
}

// paintChannel draws a channel as a disc in the colours of the groups that reach
// it, with a thick edge if it reaches the unit.
func paintChannel(c *draw.Canvas, x, y float64, channel int, from []int, hot bool) {
	const radius = 8
	c.Circle(x, y, radius, draw.Style{Fill: draw.Tint(draw.Hue(from[0]), 0.4)})
	for i := 1; i < len(from); i++ {
		xs, ys := []float64{x}, []float64{y}
		for k := range 9 {
			turn := 2 * math.Pi * (float64(i) + float64(k)/8) / float64(len(from))
			xs, ys = append(xs, x+radius*math.Sin(turn)), append(ys, y-radius*math.Cos(turn))
		}
		c.Polygon(xs, ys, draw.Style{Fill: draw.Tint(draw.Hue(from[i]), 0.4)})
	}
	edge := draw.Style{Stroke: draw.Grey}
	if hot {
		edge = draw.Style{Stroke: draw.Ink, Width: 2.5}
	}
	c.Circle(x, y, radius, edge)
	c.Text(x, y+3.2, fmt.Sprint(channel), draw.Text{Size: 9, Anchor: draw.Middle})
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
// diagonal for groups, a permutation for a shuffle, a full matrix for neither.
// Each group of the input has its colour (lessons 1.8 and 1.9). The note counts
// the weights of one position of the kernel.
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
				values[o][c], texts[o][c] = float64(1+c*m.groups/channels), "×" // which group of the input
				n++
			}
		}
	}
	note := sayf("%d of %d pairs are connected", n, channels*channels)
	return draw.Matrix{Title: m.name, XLabel: say("input channel"), YLabel: say("output channel"), Rows: labels, Cols: labels, Values: values, Texts: texts,
		Lo: 0, Hi: 1, Zero: draw.Card, Color: func(v float64) draw.Color { return draw.Tint(draw.Hue(int(v)-1), 0.4) }, Note: note, Cell: 20, Alt: m.name + colon() + note + full()}.Draw()
}
