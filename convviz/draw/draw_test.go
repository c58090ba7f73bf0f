package draw_test

import (
	"image"
	"math"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

func TestBadCanvas(t *testing.T) {
	for _, size := range [][2]float64{{0, 1}, {-1, 5}, {math.NaN(), 5}, {5, math.Inf(1)}, {5000, 1}} {
		if _, err := draw.New(size[0], size[1]).Picture("a"); err == nil {
			t.Errorf("a picture of %v", size)
		}
	}
	c := draw.New(100, 100)
	ink := draw.Style{Fill: draw.Ink, Stroke: draw.Blue, Width: 3, Dash: 2}
	c.Rect(-50, -50, 500, 500, ink) // sticks out on all sides
	c.Circle(0, 0, 90, ink)
	c.Polyline(nil, nil, ink)
	c.Polygon([]float64{1}, []float64{2}, ink)
	c.Polyline([]float64{5, 5}, []float64{5, 5}, ink)
	c.Line(-1e5, 4, 1e5, 4, draw.Style{Stroke: draw.Green})
	c.Text(-40, 50, "sticks out of the picture on both sides of it", draw.Text{Size: 30, Color: draw.Yellow})
	c.Text(20, 90, "\u4dff", draw.Text{})
	c.Image(-5, -5, 20, 200, image.NewGray(image.Rect(0, 0, 3, 3)))
	c.Image(5, 5, 0, 0, image.NewGray(image.Rect(0, 0, 3, 3)))
	p, err := c.Picture("odd")
	picturetest.Whole(t, p, err)
	c.Circle(math.NaN(), 1, 1, ink)
	if _, err := c.Picture("odd"); err == nil {
		t.Error("a circle nowhere")
	}
}
