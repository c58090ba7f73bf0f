package draw_test

import (
	"fmt"
	"image"
	"math"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// TestBadInput draws what a careless cell may pass: each gives an error or a
// whole picture.
func TestBadInput(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	odd := [][]float64{nil, {}, {nan}, {inf}, {-inf, inf}, {0}, {1, 1, 1}, {nan, 1, inf, 2}, {1e308, -1e308}, {5e-324, 0}, {1e99, -1e99},
		{1e15, 1e15 + 1}, {-0.0000001, 0.0000001}, {1e-320, 2e-320}, make([]float64, 100_000)}
	var panels []draw.Panel
	for _, y := range odd {
		panels = append(panels,
			draw.Lines{Title: "t", Series: []draw.Series{{Y: y, Marker: true, Dash: true}}},
			draw.Lines{Series: []draw.Series{{X: y, Y: y}}, Percent: true, WholeX: true, Zero: true, Marks: []draw.Mark{{X: nan, Y: inf}}},
			draw.Dots{Title: "t", Percent: true, Rows: []draw.DotRow{{Group: "g", Name: "n", Values: y}, {Name: "m", Values: []float64{1}, Mean: 1, Spread: 1}}},
			draw.Bars{Values: y, Lo: 0, Hi: 1}, draw.Bars{Values: y, Labels: make([]string, len(y))}, draw.Bars{Values: y, Lo: nan, Hi: inf},
			draw.Matrix{Values: [][]float64{y}}, draw.Matrix{Values: [][]float64{y, y}, Signed: true, Color: draw.Heat},
			draw.Matrix{Values: [][]float64{y}, Cell: nan}, draw.Matrix{Values: [][]float64{y}, Cell: 1e9})
	}
	pixel := image.NewNRGBA(image.Rect(0, 0, 1, 1))
	long := string(make([]byte, 10_000)) + "<&\"'>\x00\ufffe"
	panels = append(panels,
		draw.Lines{}, draw.Lines{Series: []draw.Series{{X: []float64{1}, Y: []float64{1, 2}}}},
		draw.Lines{Title: long, XLabel: long, YLabel: long, Series: []draw.Series{{Name: long, Y: []float64{1, 2}}, {Name: long, Y: []float64{1}}}},
		draw.Lines{Width: 1, Height: 1, Series: []draw.Series{{Y: []float64{1}}}}, draw.Lines{Width: 1e9, Series: []draw.Series{{Y: []float64{1}}}},
		draw.Lines{Width: nan, Height: nan, Series: []draw.Series{{Y: []float64{1}}}},
		draw.Bars{Values: []float64{-1}, Lo: 0, Hi: 1}, draw.Bars{Values: []float64{1}, Labels: []string{"a", "b"}},
		draw.Bars{Values: []float64{1}, Lo: 0, Hi: 1, Width: inf}, draw.Matrix{}, draw.Matrix{Values: [][]float64{{}}},
		draw.Matrix{Values: [][]float64{{1, 2}, {1}}}, draw.Matrix{Values: [][]float64{{1}}, Rows: []string{"a", "b"}},
		draw.Matrix{Values: [][]float64{{1}}, Texts: [][]string{{"a", "b"}}}, draw.Matrix{Values: [][]float64{{1}}, Texts: [][]string{{long}}, Note: long, Title: long},
		draw.Matrix{Values: make([][]float64, 3)}, draw.Gallery{}, draw.Gallery{Images: [][]image.Image{{}}},
		draw.Gallery{Images: [][]image.Image{{nil}}}, draw.Gallery{Images: [][]image.Image{{pixel}}}, draw.Gallery{Images: [][]image.Image{{}, {pixel}}},
		draw.Gallery{Images: [][]image.Image{{image.NewNRGBA(image.Rect(0, 0, 0, 0))}}}, draw.Gallery{Images: [][]image.Image{{pixel}}, Cell: nan},
		draw.Gallery{Images: [][]image.Image{{image.NewGray(image.Rect(-5, -5, 3000, 1))}}, Captions: [][][]string{{{long}, {long}}, {{long}}}},
		draw.Gallery{Images: [][]image.Image{{pixel}}, Rows: []string{}}, draw.Gallery{Images: make([][]image.Image, 5000)},
		draw.Dots{}, draw.Dots{Rows: []draw.DotRow{{Values: []float64{1}, Mean: nan}}}, draw.Dots{Rows: []draw.DotRow{{Values: []float64{1}, Spread: inf}}},
		draw.Dots{Title: long, XLabel: long, Rows: []draw.DotRow{{Group: long, Name: long, Values: []float64{1}, Mean: 1}}}, draw.Dots{Width: 1, Rows: make([]draw.DotRow, 1)},
		draw.Boxes{}, draw.Boxes{Boxes: []draw.Box{{}}}, draw.Boxes{Boxes: []draw.Box{{Name: long, Height: 1, Width: 1, Channels: 1, Kernel: 1 << 40}}},
		draw.Boxes{Boxes: []draw.Box{{Height: 1 << 40, Width: 1, Channels: 1 << 40}, {Height: 1 << 40, Channels: 1, Kernel: 3}}},
		draw.Boxes{Boxes: make([]draw.Box, 1000)},
		draw.Flow{}, draw.Flow{Steps: make([]draw.FlowStep, 2)}, draw.Flow{Steps: []draw.FlowStep{{Lanes: [][]draw.FlowStep{}}}},
		draw.Flow{Title: long, Note: long, Steps: []draw.FlowStep{{Box: draw.Box{Name: long, Lines: []string{long}, Height: 1 << 40, Width: 1, Channels: 1 << 40}, Mark: long, Pile: true, Sign: long,
			Lanes: [][]draw.FlowStep{nil, {}, {{Box: draw.Box{Name: long}, Framed: []draw.FlowStep{{Box: draw.Box{Height: 1, Channels: 1}}}}}}}}},
		draw.Flow{Steps: make([]draw.FlowStep, 100_000)})
	drawn := 0
	for i, panel := range panels {
		t.Run(fmt.Sprint(i), func(t *testing.T) {
			if p, err := draw.Beside(panel); err == nil {
				drawn++
				picturetest.Whole(t, p, nil)
			} else if err.Error() == "" {
				t.Error("an error without words")
			}
		})
	}
	if drawn < 20 || drawn == len(panels) {
		t.Errorf("%d of %d were drawn", drawn, len(panels))
	}
	if _, err := draw.Beside(); err == nil {
		t.Error("a picture of nothing")
	}
}
