package convviz

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"convlab/cnnlib"
	"convlab/convviz/draw"
)

// Network draws a network from the model value: what each layer gives for one
// example of shape in, its parameters and its receptive field.
//
// A chain is drawn as volumes with the window that each layer slides in true
// size; a layer that changes neither shape nor parameter count (ReLU, Dropout)
// is written under the one before it. A network that branches is drawn from top
// to bottom, with a card for each layer and its path in the corner: branches lie
// side by side and meet at a sign, + for a sum, × for a product, C for
// channels one after the other. What does not fit is folded: first blocks like
// one that is drawn, then layers in series, then what lies deepest. Inside
// opens a card that stands for several layers.
func Network(net cnnlib.Sequential, in []int) (*Picture, error) { return Inside(net, in, "") }

// Inside draws the layers that the layer at path is made of, as Network does. in
// is the shape of one example for the whole network.
func Inside(net cnnlib.Sequential, in []int, path cnnlib.Path) (*Picture, error) {
	sum, err := net.Summary(in)
	if err != nil {
		return nil, err
	}
	root, err := cnnlib.Resolve(net, in)
	if err != nil {
		return nil, err
	}
	p, err := root.At(path)
	if err != nil {
		return nil, err
	}
	if len(p.Parts) == 0 {
		return nil, fmt.Errorf("convviz: layer %s (%s) is not made of other layers: Network draws it", p.Path, p.Title())
	}
	v := views{root, map[cnnlib.Path][]cnnlib.ReceptiveField{}, traitsOf(p)}
	for _, row := range sum.Rows {
		v.fields[row.Path] = row.Fields
	}
	title, note := say("Network"), sayf("%s params, %s MACs", draw.Number(float64(p.Info.Params()), 0), draw.Number(float64(p.Info.MACs), 0))
	if path != "" {
		title = fmt.Sprintf("%s %s", path, p.Title())
	}
	if !v.traits[p].forks {
		chain := draw.Boxes{Title: title, Boxes: v.boxes(p), Note: note}
		chain.Legend = legend(chain.Boxes)
		if picture, err := chain.Draw(); err == nil || len(chain.Boxes) < 100 {
			return picture, err
		}
	}
	for _, detail := range details(p) {
		steps := v.flow(p, detail)
		picture, err := draw.Flow{Title: title, Steps: steps, Note: note}.Draw()
		if !errors.Is(err, draw.ErrTooLarge) {
			return picture, err
		}
	}
	return nil, fmt.Errorf("convviz: %d layers side by side or one after the other are too many for one picture: draw the layers one by one with Inside, as %q", len(p.Parts), p.Parts[0].Path)
}

// views makes pictures of the places of a network.
type views struct {
	root   *cnnlib.Place
	fields map[cnnlib.Path][]cnnlib.ReceptiveField
	traits map[*cnnlib.Place]traits
}

// maxLanes bounds the groups whose channels stand apart.
const maxLanes = 4

// boxes are the volumes of a chain. Where a convolution has a few groups, as in
// AlexNet, its channels stand in lanes, and so do those that it reads.
func (v views) boxes(p *cnnlib.Place) []draw.Box {
	boxes := []draw.Box{box(say("input"), p.In)}
	boxes[0].Lines = []string{dims(p.In)}
	if len(p.In) == 3 && p.In[2] == len(draw.RGB) {
		boxes[0].Colors = draw.RGB[:]
	}
	for _, part := range p.Parts {
		for _, layer := range v.chain(part) {
			info := layer.Info
			last := &boxes[len(boxes)-1]
			if info.Params() == 0 && !slides(info.Window) && dims(info.Output) == dims(layer.In) && len(boxes) > 1 {
				last.Lines = append(last.Lines, layer.Title())
				continue
			}
			b := box(layer.Title(), info.Output)
			if len(info.Window) > 0 {
				b.Kernel = info.Window[len(info.Window)-1].Span()
			}
			b.Lines = v.facts(layer, info.Params())
			switch conv, ok := layer.Layer.(cnnlib.Conv); {
			case ok && conv.Groups > 1 && conv.Groups <= maxLanes:
				b.Lanes, b.Apart = conv.Groups, true
			case !ok && info.Params() == 0 && len(info.Window) > 0: // a pool
				b.Lanes, b.Apart = last.Lanes, true
			}
			boxes = append(boxes, b)
		}
	}
	for i := len(boxes) - 1; i > 1; i-- { // what lanes read apart stands in lanes
		if before := &boxes[i-1]; boxes[i].Apart && boxes[i].Lanes > 1 && before.Lanes <= 1 && before.Channels%boxes[i].Lanes == 0 {
			before.Lanes = boxes[i].Lanes
		}
	}
	for i := 1; i < len(boxes); i++ {
		boxes[i].Apart = boxes[i].Apart && max(boxes[i].Lanes, 1) == max(boxes[i-1].Lanes, 1)
	}
	return boxes
}

// legend says what is in a drawing of these boxes.
func legend(boxes []draw.Box) []draw.Key {
	maps, many, window, features, lanes := false, false, false, false, false
	for _, b := range boxes {
		flat := b.Width == 0
		maps, features = maps || !flat, features || flat
		many = many || !flat && b.Channels > 8*max(b.Lanes, 1)
		window, lanes = window || b.Kernel > 0, lanes || b.Lanes > 1
	}
	var keys []draw.Key
	add := func(when bool, colour draw.Color, text string) {
		if when {
			keys = append(keys, draw.Key{Color: colour, Text: say(text)})
		}
	}
	add(maps && !many, draw.Blue, "a sheet is a channel")
	add(maps && many, draw.Blue, "a sheet is a channel; past eight sheets, each more doubles the channels")
	add(lanes, draw.LaneHue(0), "lanes are groups: each reads its own colour alone, where lines do not cross")
	add(window, draw.Orange, "a window and the unit that it gives")
	add(features, draw.Yellow, "features: numbers without a place")
	return keys
}

// facts are the lines about what a layer gives, has and sees.
func (v views) facts(p *cnnlib.Place, params int64) []string {
	lines := []string{dims(p.Info.Output)}
	if params > 0 {
		lines = append(lines, sayf("%s params", draw.Number(float64(params), 0)))
	}
	outermost, err := v.root.At(p.Path) // a layer that stands in the place of a whole has no row
	if fields := v.fields[p.Path]; err == nil && outermost == p && len(fields) > 0 {
		sizes := make([]int, len(fields))
		for i, f := range fields {
			sizes[i] = f.Size
		}
		lines = append(lines, sayf("sees %s", dims(sizes)))
	}
	return lines
}

// slides tells whether one of the windows is wider than a pixel.
func slides(windows []cnnlib.Sliding) bool {
	return slices.ContainsFunc(windows, func(w cnnlib.Sliding) bool { return w.Kernel > 1 || w.Stride > 1 })
}

// box is the volume of one example: [features], [length, channels], [height,
// width, channels], or the last three axes of more.
func box(name string, shape []int) draw.Box {
	switch n := len(shape); n {
	case 1:
		return draw.Box{Name: name, Height: shape[0], Channels: 1}
	case 2:
		return draw.Box{Name: name, Height: 1, Width: shape[0], Channels: shape[1]}
	default:
		return draw.Box{Name: name, Height: shape[n-3], Width: shape[n-2], Channels: shape[n-1]}
	}
}

func dims(shape []int) string {
	parts := make([]string, len(shape))
	for i, d := range shape {
		parts[i] = fmt.Sprint(d)
	}
	return strings.Join(parts, "x")
}
