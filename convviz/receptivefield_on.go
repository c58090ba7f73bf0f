package convviz

import (
	"fmt"
	"image"
	"math"
	"slices"
	"strings"

	"convlab/cnnlib"
	"convlab/convviz/draw"
)

// ReceptiveFieldOn boxes on an image what one unit of a layer sees (lesson 2.1): row
// and column are its place in the output of the layer at this path.
func ReceptiveFieldOn(net cnnlib.Sequential, in []int, img image.Image, layer cnnlib.Path, row, column int) (*Picture, error) {
	return fieldOn(net, in, img, nil, layer, row, column)
}

// EffectiveOn is ReceptiveFieldOn with a second image beside it, which shows what the unit
// really listens to: how much each pixel moves it. influence has height·width
// numbers of 0 or more, as Model.Influence gives them.
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
	name := titleOf(root, place)
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

// titleOf is the title of a layer below p or, where it works number by number,
// that of the layer before it which does not.
func titleOf(p, layer *cnnlib.Place) string {
	title := layer.Title()
	if !layer.Info.Pointwise {
		return title
	}
	for _, q := range p.Parts {
		if q == layer {
			break
		}
		if strings.HasPrefix(string(layer.Path)+".", string(q.Path)+".") {
			return titleOf(q, layer)
		}
		if before := filter(q); before != nil && !p.Parallel {
			title = before.Title()
		}
	}
	return title
}

// filter is the last layer of p that does not work number by number.
func filter(p *cnnlib.Place) *cnnlib.Place {
	if _, series := p.Layer.(cnnlib.Sequential); series {
		for _, q := range slices.Backward(p.Parts) {
			if last := filter(q); last != nil {
				return last
			}
		}
		return nil
	}
	if p.Info.Pointwise {
		return nil
	}
	return p
}

// heat paints an influence as an image, dark where it is small, and notes how few
// pixels have half of it.
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
// whole (lesson 2.1's effective field): influence has height·width numbers of 0
// or more. The note gives the largest share, and that of the first pixel whose
// share is not 0.
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
	m := &draw.Matrix{Title: say("Effective receptive field, in %"), Values: values, Decimals: 2, Hide: max(height, width) > 13,
		Zero: draw.Shade, Note: note, Alt: say("Effective receptive field, in %") + ": " + note + "."}
	if m.Hide { // pixels keep their colours on a dark page; cells with digits turn around, and the most would be the darkest
		m.Color = draw.Heat
	}
	return m, nil
}
