package convviz

import (
	"fmt"

	"convlab/cnnlib"
	"convlab/convviz/draw"
)

// manyBars bounds the bars where layers of parts count as their parts.
const manyBars = 24

// Costs draws what each layer costs: parameters, multiply-accumulates and
// activation bytes for one example, and its measured milliseconds if there are
// any: ms is nil or has a number for each layer of the network itself. Without
// ms, layers of parts count as their parts as long as there are at most 24
// bars; a join has a bar for what it gives.
func Costs(sum *cnnlib.Summary, ms []float64) (*Picture, error) {
	if sum == nil || len(sum.Rows) == 0 {
		return nil, fmt.Errorf("convviz: no layers to draw")
	}
	rows, deepest := costRows(sum.Rows, 0), 0
	for _, row := range sum.Rows {
		deepest = max(deepest, row.Depth)
	}
	for depth := 1; depth <= deepest && ms == nil; depth++ {
		parts := costRows(sum.Rows, depth)
		if len(parts) > manyBars {
			break
		}
		rows = parts
	}
	if ms != nil && len(ms) != len(rows) {
		return nil, fmt.Errorf("convviz: %d times for %d layers", len(ms), len(rows))
	}
	var names []string
	var params, macs, bytes []float64
	for _, row := range rows {
		names = append(names, fmt.Sprintf("%s %s", row.Path, row.Layer))
		params, macs, bytes = append(params, float64(row.Params)), append(macs, float64(row.MACs)), append(bytes, float64(row.ActivationBytes))
	}
	width := 100 + 17*float64(len(names))
	if panels := 3 + min(len(ms), 1); width*float64(panels) > 4000 {
		return nil, fmt.Errorf("convviz: %d layers are too many for bars: draw the costs of fewer, or make several of them one Sequential", len(rows))
	}
	bars := func(title string, values []float64, ink draw.Color) draw.Panel {
		total := 0.0
		for _, v := range values {
			total += v
		}
		alt := sayf("%s of %d layers, %s in all", title, len(values), draw.Number(total, 0)) + full()
		return draw.Bars{Title: title, Labels: names, Values: values, Color: ink, Width: max(width, 200), Height: 320, Alt: alt}
	}
	panels := []draw.Panel{bars(say("Parameters"), params, draw.Green), bars(say("Multiply-accumulates"), macs, draw.Blue), bars(say("Activation bytes"), bytes, draw.Purple)}
	if ms != nil {
		panels = append(panels, bars(say("Milliseconds"), ms, draw.Orange))
	}
	return draw.Beside(panels...)
}

// costRows are the rows down to a depth: below it a layer of parts counts as a
// whole, above it as its parts, and what it costs beside them.
func costRows(rows []cnnlib.Row, depth int) []cnnlib.Row {
	var out []cnnlib.Row
	for i := 0; i < len(rows); {
		row, end := rows[i], i+1
		for end < len(rows) && rows[end].Depth > row.Depth {
			end++
		}
		parts := rows[i+1 : end]
		if i = end; len(parts) == 0 || row.Depth >= depth {
			out = append(out, row)
			continue
		}
		out = append(out, costRows(parts, depth)...)
		for _, part := range parts {
			if part.Depth == row.Depth+1 {
				row.Params, row.MACs, row.ActivationBytes = row.Params-part.Params, row.MACs-part.MACs, row.ActivationBytes-part.ActivationBytes
			}
		}
		if row.Params > 0 || row.MACs > 0 || row.ActivationBytes > 0 {
			out = append(out, row)
		}
	}
	return out
}
