package convviz

import (
	"fmt"
	"slices"
	"strings"

	"convlab/cnnlib"
	"convlab/convviz/draw"
)

// Network draws a network from the model value: the volume that each layer
// gives for one example of shape in, the window it slides in true size, its
// parameters and its receptive field. A layer that changes neither shape nor
// parameter count (ReLU, Dropout) is written under the one before it.
func Network(net cnnlib.Sequential, in []int) (*Picture, error) {
	sum, err := net.Summary(in)
	if err != nil {
		return nil, err
	}
	boxes := []draw.Box{box(say("input"), in)}
	boxes[0].Lines = []string{dims(in)}
	shape := in
	root, err := cnnlib.Resolve(net, in)
	if err != nil {
		return nil, err
	}
	for i, layer := range root.Parts {
		row := sum.Rows[slices.IndexFunc(sum.Rows, func(r cnnlib.Row) bool { return r.Path == layer.Path })]
		info := layer.Info
		last := &boxes[len(boxes)-1]
		if row.Params == 0 && !slides(info.Window) && dims(info.Output) == dims(shape) && i > 0 {
			last.Lines = append(last.Lines, row.Layer)
			continue
		}
		b := box(row.Layer, info.Output)
		if len(info.Window) > 0 {
			b.Kernel = info.Window[len(info.Window)-1].Span()
		}
		b.Lines = []string{dims(info.Output)}
		if row.Params > 0 {
			b.Lines = append(b.Lines, sayf("%s params", draw.Number(float64(row.Params), 0)))
		}
		if row.ReceptiveField > 0 {
			b.Lines = append(b.Lines, sayf("sees %dx%d", row.ReceptiveField, row.ReceptiveField))
		}
		boxes = append(boxes, b)
		shape = info.Output
	}
	note := sayf("%s params, %s MACs", draw.Number(float64(sum.Params), 0), draw.Number(float64(sum.MACs), 0))
	return draw.Boxes{Title: say("Network"), Boxes: boxes, Note: note}.Draw()
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
