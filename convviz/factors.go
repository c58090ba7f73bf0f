package convviz

import (
	"fmt"

	"convlab/convviz/draw"
)

// maxFactor bounds the numbers of each part of a kernel in Factors.
const maxFactor = 8

// Factors draws the three kernels of a flattened convolution as three edges of a
// box, along the channels, down and across. Beside them it draws the full kernel
// as that box, each of whose numbers is the product of three (lesson 1.7).
func Factors(channels, column, row []float64) (*Picture, error) {
	for _, part := range []struct {
		name   string
		values []float64
	}{{"channels", channels}, {"column", column}, {"row", row}} {
		if len(part.values) > maxFactor {
			return nil, fmt.Errorf("convviz: the kernel along the %s has %d numbers, at most %d can be drawn", part.name, len(part.values), maxFactor)
		}
		if _, _, err := size("kernel along the "+part.name, [][]float64{part.values}); err != nil {
			return nil, err
		}
	}
	nc, ny, nx := len(channels), len(column), len(row)
	const top, edge, gap = 84.0, 30.0, 12.0
	// The box of edges: a frame of the full kernel's shape.
	back, wide := slantX*float64(ny), isoCell*float64(nx)
	left := 32 + edge + gap
	deep, high := slantY*float64(ny), edge*float64(nc)
	full := iso{x: left + wide + back + edge + gap + 74, y: top, slices: nc, rows: ny, cols: nx}
	few, many := sayf("%d weights", nc+ny+nx), sayf("%d weights", nc*ny*nx)
	words := []string{fmt.Sprintf("%d + %d + %d = %s", nc, ny, nx, few), fmt.Sprintf("%d · %d · %d = %s", nc, ny, nx, many)}
	foot := max(top+deep+high+gap+edge, full.y+full.height()) + 30
	title := say("Three kernels of one dimension and the full one")
	width := max(full.x+full.width()+28, full.x+full.width()/2+draw.Width(words[1], 12, true)/2+20, draw.Width(title, 15, true)+25)
	c := draw.New(width, foot+18)
	c.Text(width/2, 26, draw.Fit(title, 15, true, width-24), draw.Text{Size: 15, Bold: true, Anchor: draw.Middle})
	corner := func(d, r, k float64) (x, y float64) {
		return left + isoCell*k + slantX*(float64(ny)-r), top + edge*d + slantY*r
	}
	wire := func(points ...[3]float64) {
		var xs, ys []float64
		for _, p := range points {
			x, y := corner(p[0], p[1], p[2])
			xs, ys = append(xs, x), append(ys, y)
		}
		c.Polyline(xs, ys, draw.Style{Stroke: draw.Grey, Dash: 3})
	}
	C, Y, X := float64(nc), float64(ny), float64(nx)
	wire([3]float64{0, 0, 0}, [3]float64{0, 0, X}, [3]float64{0, Y, X}, [3]float64{0, Y, 0}, [3]float64{0, 0, 0})
	wire([3]float64{0, Y, 0}, [3]float64{C, Y, 0}, [3]float64{C, Y, X}, [3]float64{0, Y, X})
	wire([3]float64{C, Y, X}, [3]float64{C, 0, X}, [3]float64{0, 0, X})
	cell := func(xs, ys []float64, hue draw.Color, v float64) {
		c.Polygon(xs, ys, draw.Style{Fill: draw.Tint(hue, 0.3), Stroke: hue})
		x := (xs[0] + xs[2]) / 2
		text, size := figure(v), 12.0
		for size > 7 && draw.Width(text, size, false) > isoCell-slantX {
			size--
		}
		c.Text(x, (ys[0]+ys[2])/2+size*0.36, draw.Fit(text, size, false, isoCell-slantX+4), draw.Text{Size: size, Anchor: draw.Middle})
	}
	for i, v := range channels { // left of the front
		x, y := corner(float64(i), Y, 0)
		x -= gap + edge
		cell([]float64{x, x + edge, x + edge, x}, []float64{y, y, y + edge, y + edge}, draw.Green, v)
	}
	for i, v := range row { // under the front
		x, y := corner(C, Y, float64(i))
		y += gap
		cell([]float64{x, x + isoCell, x + isoCell, x}, []float64{y, y, y + edge, y + edge}, draw.Blue, v)
	}
	for i, v := range column { // beside the top
		x, y := corner(0, float64(i), X)
		x += gap
		cell([]float64{x, x + isoCell, x + isoCell - slantX, x - slantX}, []float64{y, y, y + slantY, y + slantY}, draw.Orange, v)
	}
	box := full.x - 74 - left
	c.Text(left+box/2, top-20, say("one along each axis"), draw.Text{Color: draw.Grey, Anchor: draw.Middle})
	c.Text(full.x+full.width()/2, top-20, say("full")+" "+dims([]int{nc, ny, nx}), draw.Text{Color: draw.Grey, Anchor: draw.Middle})
	c.Text(full.x-42, top+deep/2+high/2, "→", draw.Text{Size: 20, Anchor: draw.Middle})
	full.paint(c, draw.Tint(draw.Orange, 0.12))
	for d, a := range channels {
		for r, b := range column {
			for k, e := range row {
				full.number(c, d, r, k, a*b*e, draw.Text{})
			}
		}
	}
	c.Text(left+box/2, foot, words[0], draw.Text{Bold: true, Anchor: draw.Middle})
	c.Text(full.x+full.width()/2, foot, words[1], draw.Text{Bold: true, Anchor: draw.Middle})
	return c.Picture(title + colon() + words[0] + Say("; ", "；") + words[1] + Say(".", "。"))
}
