package draw_test

import (
	"image"
	"math"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

func TestGolden(t *testing.T) {
	lines := draw.Lines{Title: "Training Loss", XLabel: "Epoch", YLabel: "Loss", WholeX: true, Series: []draw.Series{
		{Name: "training", Y: []float64{1.8, 1.5, 1.3, 1.2, 1.1}, Marker: true},
		{Name: "validation", Y: []float64{1.6, 1.4, math.NaN(), 1.3, 1.31}, Marker: true, Dash: true}},
		Marks: []draw.Mark{{X: 4, Y: 1.3, Name: "lowest: 1.30"}}}
	boxes := draw.Boxes{Title: "Network", Boxes: []draw.Box{{Name: "input", Height: 32, Width: 32, Channels: 3},
		{Name: "Conv 6@3x3", Height: 30, Width: 30, Channels: 6, Kernel: 3, Lines: []string{"30x30x6"}}, {Name: "Dense 10", Height: 10, Channels: 1}}}
	for name, panel := range map[string]draw.Panel{
		"lines":   lines,
		"bars":    draw.Bars{Title: "像素", Labels: []string{"a", "b"}, Values: []float64{1, 2}, Width: 200, Height: 160},
		"matrix":  draw.Matrix{Title: "M", Values: [][]float64{{-1, 0}, {0.5, 1}}, Decimals: 1, Signed: true, Rows: []string{"p", "q"}},
		"gallery": draw.Gallery{Title: "G", Images: [][]image.Image{{noise(1), noise(2)}}, Captions: [][][]string{{{"cat"}, {"dog"}}}},
		"boxes":   boxes,
	} {
		p, err := draw.Beside(panel)
		picturetest.Check(t, p, err)
		picturetest.Golden(t, name, p.PNG)
	}
}
