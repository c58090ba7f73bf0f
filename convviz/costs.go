package convviz

import (
	"fmt"

	"convlab/cnnlib"
	"convlab/convviz/draw"
)

// Costs draws what each layer costs: parameters, multiply-accumulates and
// activation bytes for one example, and its measured milliseconds if there are
// any: ms is nil or has a number for each layer.
func Costs(sum *cnnlib.Summary, ms []float64) (*Picture, error) {
	if sum == nil || len(sum.Rows) == 0 {
		return nil, fmt.Errorf("convviz: no layers to draw")
	}
	var rows []cnnlib.Row // a layer of parts counts as a whole
	for _, row := range sum.Rows {
		if row.Depth == 0 {
			rows = append(rows, row)
		}
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
	bars := func(title string, values []float64, ink draw.Color) draw.Panel {
		return draw.Bars{Title: title, Labels: names, Values: values, Color: ink, Width: max(width, 200), Height: 320}
	}
	panels := []draw.Panel{bars(say("Parameters"), params, draw.Green), bars(say("Multiply-accumulates"), macs, draw.Blue), bars(say("Activation bytes"), bytes, draw.Purple)}
	if ms != nil {
		panels = append(panels, bars(say("Milliseconds"), ms, draw.Orange))
	}
	return draw.Beside(panels...)
}
