package convviz

import (
	"fmt"
	"image"
	"math"
	"slices"
	"strings"

	"convlab/cnnlib"
	"convlab/convviz/draw"
	"convlab/internal/geometry"
)

// spatial gives the windows of a network's layers along one axis (0: height,
// 1: width) up to its Flatten, their names, and the sizes before and after
// each.
func spatial(net cnnlib.Sequential, in []int, axis int) (windows []geometry.Window, names []string, sizes []int, err error) {
	if len(in) != 3 {
		return nil, nil, nil, fmt.Errorf("convviz: receptive fields are drawn for images [height, width, channels], got %v", in)
	}
	root, err := cnnlib.Resolve(net, in)
	if err != nil {
		return nil, nil, nil, err
	}
	sizes = []int{in[axis]}
	for _, layer := range root.Parts {
		shape := layer.Info.Output
		if len(shape) != 3 {
			break
		}
		if len(layer.Info.Window) == 2 {
			w := layer.Info.Window[axis]
			windows = append(windows, geometry.Window{Kernel: w.Kernel, Stride: w.Stride, Dilation: w.Dilation, PadBefore: w.PadBefore, PadAfter: w.PadAfter,
				Ceil: w.Ceil, Transposed: w.Transposed, OutputPadding: w.OutputPadding})
			names, sizes = append(names, layer.Title()), append(sizes, shape[axis])
		}
	}
	if len(windows) == 0 {
		return nil, nil, nil, fmt.Errorf("convviz: the network has no layer with a window")
	}
	return windows, names, sizes, nil
}

// Field draws how the receptive field grows along the height (lesson 2.1): the
// unit in the middle of the last layer with a window, the units of each layer
// below that it sees, down to the pixels of the input. Padding that it sees is
// grey.
func Field(net cnnlib.Sequential, in []int) (*Picture, error) {
	windows, names, sizes, err := spatial(net, in, 0)
	if err != nil {
		return nil, err
	}
	n := len(windows)
	unit := (sizes[n] - 1) / 2
	ranges := make([][2]int, n+1) // seen in each layer, input first
	ranges[n] = [2]int{unit, unit}
	for i := n - 1; i >= 0; i-- {
		first, last := windows[i].Inputs(ranges[i+1][0], ranges[i+1][1])
		if first > last {
			return nil, fmt.Errorf("convviz: the unit in the middle of %s sees nothing", names[n-1])
		}
		ranges[i] = [2]int{first, last}
	}
	most := 0
	for _, r := range ranges {
		most = max(most, r[1]-r[0]+1)
	}
	if most > 400 || n > 30 {
		return nil, fmt.Errorf("convviz: %d layers that see %d pixels are too many to draw", n, most)
	}
	side := min(22, 640/float64(most))
	const left, step, top = 150.0, 62.0, 48.0
	width := left + side*float64(most) + 130
	height := top + step*float64(n) + 60
	c := draw.New(width, height)
	c.Text(width/2, 26, draw.Fit(say("Growth of the receptive field"), 15, true, width-24), draw.Text{Size: 15, Bold: true, Anchor: draw.Middle})
	middle := left + side*float64(most)/2
	y := func(layer int) float64 { return top + step*float64(n-layer) } // the last layer on top
	edge := func(layer, unit int) float64 {
		r := ranges[layer]
		return middle + side*(float64(unit-r[0])-float64(r[1]-r[0]+1)/2)
	}
	for i := n - 1; i >= 0; i-- { // a funnel from each unit to what it sees
		for u := ranges[i+1][0]; u <= ranges[i+1][1]; u++ {
			first, last := windows[i].Inputs(u, u)
			if first > last {
				continue
			}
			style := draw.Style{Stroke: draw.Edge}
			if u == ranges[i+1][0] || u == ranges[i+1][1] {
				style = draw.Style{Stroke: draw.Orange}
			}
			c.Line(edge(i+1, u), y(i+1)+side, edge(i, first), y(i), style)
			c.Line(edge(i+1, u+1), y(i+1)+side, edge(i, last+1), y(i), style)
		}
	}
	words := say("Growth of the receptive field") + ":"
	for i := 0; i <= n; i++ {
		r := ranges[i]
		for u := r[0]; u <= r[1]; u++ {
			ground := draw.Tint(draw.Blue, 0.25)
			if i == 0 {
				ground = draw.Tint(draw.Orange, 0.3)
			}
			if u < 0 || u >= sizes[i] {
				ground = draw.Shade
			}
			c.Rect(edge(i, u), y(i), side, side, draw.Style{Fill: ground, Stroke: draw.Grey})
		}
		name := say("input")
		if i > 0 {
			name = names[i-1]
		}
		seen := sayf("%d of %d", r[1]-r[0]+1, sizes[i])
		c.Text(16, y(i)+side/2+4, draw.Fit(name, 12, true, 130), draw.Text{Bold: true})
		c.Text(width-16, y(i)+side/2+4, seen, draw.Text{Color: draw.Grey, Anchor: draw.End})
		words += " " + name + " " + seen + ";"
	}
	note := sayf("unit %d of %s sees %d pixels, rows %d to %d", unit, names[n-1], ranges[0][1]-ranges[0][0]+1, ranges[0][0], ranges[0][1])
	c.Text(width/2, height-16, note, draw.Text{Anchor: draw.Middle})
	return c.Picture(words + " " + note + ".")
}

// FieldOn boxes on an image what one unit of a layer sees (lesson 2.1): row
// and column are its place in the output of the layer at this path.
func FieldOn(net cnnlib.Sequential, in []int, img image.Image, layer cnnlib.Path, row, column int) (*Picture, error) {
	return fieldOn(net, in, img, nil, layer, row, column)
}

// EffectiveOn is FieldOn with what the unit really listens to beside it: how
// much each pixel of the image moves it, height·width numbers from 0 on, as
// Model.Influence gives them, in the same box.
func EffectiveOn(net cnnlib.Sequential, in []int, img image.Image, influence []float64, layer cnnlib.Path, row, column int) (*Picture, error) {
	if influence == nil {
		return nil, fmt.Errorf("convviz: no influence to draw")
	}
	return fieldOn(net, in, img, influence, layer, row, column)
}

func fieldOn(net cnnlib.Sequential, in []int, img image.Image, influence []float64, layer cnnlib.Path, row, column int) (*Picture, error) {
	if img == nil || len(in) != 3 || img.Bounds().Dx() != in[1] || img.Bounds().Dy() != in[0] {
		return nil, fmt.Errorf("convviz: the image must be %v high and wide", in)
	}
	first, last, err := net.Sees(in, layer, row, column)
	if err != nil {
		return nil, fmt.Errorf("convviz: %w", err)
	}
	root, err := cnnlib.Resolve(net, in)
	if err != nil {
		return nil, err
	}
	place, err := root.At(layer)
	if err != nil {
		return nil, err
	}
	name := place.Title()
	for _, step := range root.Steps() { // what has the window, where the layer has none itself
		if len(step.Info.Window) > 0 {
			name = step.Title()
		}
		if step.Path == layer {
			break
		}
	}
	k := math.Max(1, math.Min(12, 384/float64(max(in[0], in[1]))))
	if in[0] > 2000 || in[1] > 2000 {
		return nil, fmt.Errorf("convviz: an image of %v is too large to draw", in)
	}
	title := sayf("What unit %d, %d of %s sees", row, column, name)
	notes := []string{sayf("rows %d to %d, columns %d to %d", first[0], last[0], first[1], last[1])}
	images := []image.Image{img}
	if influence != nil {
		effect, note, err := heat(influence, in[0], in[1])
		if err != nil {
			return nil, err
		}
		images, notes = append(images, effect), append(notes, note)
	}
	each := max(k*float64(in[1])+60, draw.Width(notes[len(notes)-1], 12, false)+20)
	width, height := max(each*float64(len(images)), draw.Width(title, 15, true)+30), k*float64(in[0])+104
	c := draw.New(width, height)
	c.Text(width/2, 26, title, draw.Text{Size: 15, Bold: true, Anchor: draw.Middle})
	for i, img := range images {
		middle, top := width*(float64(i)+0.5)/float64(len(images)), 52.0
		left := middle - k*float64(in[1])/2
		c.Image(left, top, k*float64(in[1]), k*float64(in[0]), img)
		x, y := left+k*float64(first[1]), top+k*float64(first[0])
		w, h := k*float64(last[1]-first[1]+1), k*float64(last[0]-first[0]+1)
		c.Rect(x, y, w, h, draw.Style{Stroke: draw.Card, Width: 5})
		c.Rect(x, y, w, h, draw.Style{Stroke: draw.Orange, Width: 3})
		c.Text(middle, height-16, notes[i], draw.Text{Anchor: draw.Middle})
	}
	return c.Picture(title + ": " + strings.Join(notes, "; ") + ".")
}

// heat is an influence as an image, dark is little, with a note on how narrow
// it is.
func heat(influence []float64, height, width int) (image.Image, string, error) {
	if _, err := influenceMap(influence, height, width); err != nil {
		return nil, "", err
	}
	most, total := 0.0, 0.0
	for _, v := range influence {
		most, total = max(most, v), total+v
	}
	img, strong, sum := image.NewNRGBA(image.Rect(0, 0, width, height)), 0, 0.0
	for i, v := range influence {
		img.Set(i%width, i/width, draw.Heat(v/most))
	}
	falling := slices.Sorted(slices.Values(influence))
	for i := len(falling) - 1; i >= 0 && sum < total/2; i-- {
		sum += falling[i]
		strong++
	}
	return img, sayf("half of the effect is that of %d pixels", strong), nil
}

// Influence draws how much each input pixel moves a unit, as shares of the
// whole (lesson 2.1's effective field): height·width numbers from 0 on. The
// note gives the largest share and that of the first pixel with any.
func Influence(influence []float64, height, width int) (*Picture, error) {
	m, err := influenceMap(influence, height, width)
	if err != nil {
		return nil, err
	}
	return m.Draw()
}

func influenceMap(influence []float64, height, width int) (*draw.Matrix, error) {
	if err := checkMap(len(influence), height, width); err != nil {
		return nil, err
	}
	total, most, corner := 0.0, 0.0, 0.0
	rows := [4]int{height, -1, width, -1} // the box around what is not 0
	for i, v := range influence {
		if !(v >= 0) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("convviz: influence of pixel %d is %g, should be a number from 0 on", i, v)
		}
		total += v
		most = max(most, v)
		if v > 0 {
			if corner == 0 {
				corner = v
			}
			y, x := i/width, i%width
			rows = [4]int{min(rows[0], y), max(rows[1], y), min(rows[2], x), max(rows[3], x)}
		}
	}
	if total == 0 || math.IsInf(total, 0) {
		return nil, fmt.Errorf("convviz: no pixel moves the unit: a ReLU may have switched it off, try another image or unit")
	}
	values := make([][]float64, height)
	for y := range values {
		values[y] = make([]float64, width)
		for x := range values[y] {
			values[y][x] = 100 * influence[y*width+x] / total
		}
	}
	note := sayf("%dx%d pixels; most %.2f %%, first corner %.2f %%", rows[1]-rows[0]+1, rows[3]-rows[2]+1, 100*most/total, 100*corner/total)
	return &draw.Matrix{Title: say("Effective receptive field, in %"), Values: values, Decimals: 2, Hide: max(height, width) > 13, Color: draw.Heat,
		Zero: draw.Shade, Note: note, Alt: say("Effective receptive field, in %") + ": " + note + "."}, nil
}
