package convviz

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"convlab/cnnlib"
	"convlab/convviz/draw"
	"convlab/internal/geometry"
)

// stillColumn is a map or a kernel in the still picture of a live one: a grid
// for each of its channels and slices.
type stillColumn struct {
	name  string
	fill  draw.Color
	grids [][][]float64
}

const (
	stillGrids = 4 // in a column; the others are counted
	stillCell  = 28
)

// still is the case as a picture without anything to move.
func (c Case) still(written liveCase) (*Picture, error) {
	title := c.Layer.Name()
	var columns []stillColumn
	if s := written.Soft; s != nil {
		logits := make([]float32, len(s.Z))
		for i, z := range s.Z {
			logits[i] = float32(z)
		}
		p := Numbers([][]float32{cnnlib.Softmax(logits)})
		columns = []stillColumn{{say("logits"), draw.Card, [][][]float64{{s.Z}}}, {say("probabilities"), draw.Card, [][][]float64{p}}}
		return paintStill(title, columns)
	}
	net := written.Net
	if len(net.places) > 1 {
		var names []string
		for _, p := range net.places {
			names = append(names, p.Title())
		}
		title = strings.Join(names, " → ")
	} else {
		title = net.places[0].Title()
	}
	numbers := net.input
	columns = append(columns, stillColumn{say("input"), draw.Card, gridsOf(numbers, c.Shape)})
	for i, place := range net.places {
		var err error
		if numbers, err = run(place, net.kernels[place], numbers); err != nil {
			return nil, err
		}
		if kernel := net.kernels[place]; kernel != nil {
			shape := place.Info.Weights[0].Shape
			axes := len(shape) - 2
			flat := append(slices.Clone(shape[:axes]), shape[axes]*shape[axes+1]) // all pairs of channels
			columns = append(columns, stillColumn{say("kernel"), draw.Tint(draw.Orange, 0.12), gridsOf(kernel, flat)})
		}
		name := say("output")
		if i < len(net.places)-1 {
			name = sayf("after layer %d", i+1)
		}
		columns = append(columns, stillColumn{name, draw.Card, gridsOf(numbers, place.Info.Output)})
	}
	return paintStill(title, columns)
}

// run computes one layer of a live picture on the numbers of one example.
func run(place *cnnlib.Place, kernel, x []float64) ([]float64, error) {
	switch l := place.Layer.(type) {
	case cnnlib.Matrixer:
		m, err := l.Matrix(place.In, kernel)
		if err != nil {
			return nil, err
		}
		return m.Mul(x)
	case cnnlib.ChannelShuffle:
		channels := place.In[len(place.In)-1]
		y := make([]float64, len(x))
		for i, v := range x {
			c := i % channels
			y[i-c+c%(channels/l.Groups)*l.Groups+c/(channels/l.Groups)] = v
		}
		return y, nil
	}
	if _, ok := place.Layer.(cnnlib.ReLU); ok {
		y := slices.Clone(x)
		for i := range y {
			y[i] = max(y[i], 0)
		}
		return y, nil
	}
	_, mean := place.Layer.(cnnlib.AvgPool)
	axes := len(place.In) - 1
	channels := place.In[axes]
	y := make([]float64, geometry.Volume(place.Info.Output))
	for o := range y {
		at := geometry.Unravel(o/channels, place.Info.Output[:axes])
		best, sum, taps := math.Inf(-1), 0.0, 1
		for _, w := range place.Info.Window {
			taps *= w.Kernel
		}
		for t := range taps {
			on, pixel, inside := t, 0, true
			for axis := axes - 1; axis >= 0; axis-- {
				w := place.Info.Window[axis]
				p := at[axis]*w.Stride - w.PadBefore + on%w.Kernel*w.Dilation
				on /= w.Kernel
				inside = inside && p >= 0 && p < place.In[axis]
				pixel += p * geometry.Volume(place.In[axis+1:axes])
			}
			if inside {
				v := x[pixel*channels+o%channels]
				best, sum = max(best, v), sum+v
			}
		}
		if y[o] = best; mean {
			y[o] = sum / float64(taps)
		}
	}
	return y, nil
}

// gridsOf cuts flat numbers of shape [spatial..., channels] into a grid for
// each channel and slice.
func gridsOf(flat []float64, shape []int) [][][]float64 {
	axes := len(shape) - 1
	channels, size := shape[axes], [3]int{1, 1, 1}
	copy(size[3-axes:], shape[:axes])
	var grids [][][]float64
	for c := range channels {
		for z := range size[0] {
			grid := make([][]float64, size[1])
			for y := range grid {
				for x := range size[2] {
					grid[y] = append(grid[y], flat[((z*size[1]+y)*size[2]+x)*channels+c])
				}
			}
			grids = append(grids, grid)
		}
	}
	return grids
}

// more says how many grids of a column are not shown, or "".
func (s stillColumn) more() string {
	if len(s.grids) <= stillGrids {
		return ""
	}
	return sayf("%d of %d shown", stillGrids, len(s.grids))
}

func (s stillColumn) width() float64 {
	return max(stillCell*float64(len(s.grids[0][0])), draw.Width(s.name, 12, false), draw.Width(s.more(), 11, false))
}

func paintStill(title string, columns []stillColumn) (*Picture, error) {
	const left, top, gap = 20.0, 62.0, 40.0
	width, height := left, 0.0
	for _, col := range columns {
		width += col.width() + gap
		shown := min(len(col.grids), stillGrids)
		height = max(height, float64(shown)*(stillCell*float64(len(col.grids[0]))+10)+20)
	}
	width = max(width-gap+left, 320)
	c := draw.New(width, top+height)
	c.Text(width/2, 26, draw.Fit(title, 15, true, width-24), draw.Text{Size: 15, Bold: true, Anchor: draw.Middle})
	alt, x := []string{title}, left
	for _, col := range columns {
		c.Text(x, top-10, col.name, draw.Text{Color: draw.Grey})
		y := top
		for i, rows := range col.grids {
			if i == stillGrids {
				c.Text(x, y+10, col.more(), draw.Text{Color: draw.Grey, Size: 11})
				break
			}
			g := grid{x: x, y: y, rows: len(rows), cols: len(rows[0]), cell: stillCell}
			for r, row := range rows {
				for k, v := range row {
					px, py := g.at(r, k)
					c.Rect(px, py, stillCell, stillCell, draw.Style{Fill: col.fill, Stroke: draw.Edge})
					g.number(c, r, k, v, draw.Text{})
				}
			}
			y += g.height() + 10
		}
		alt = append(alt, col.name+" "+strings.Trim(strings.ReplaceAll(fmt.Sprint(col.grids[0]), "] [", "; "), "[]"))
		x += col.width() + gap
	}
	return c.Picture(strings.Join(alt, ". ") + ".")
}
