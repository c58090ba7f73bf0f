package convviz

import (
	"fmt"
	"image"
	"math"

	"convlab/convviz/draw"
	"convlab/internal/geometry"
)

// BlindPixels draws how much each pixel of the input moves the output, row by
// row, and counts those that move nothing (lesson 3.1): influence is a
// gradient's absolute value per pixel, height·width numbers. The shade is the
// square root, so that weak pixels show; exactly 0 is orange.
func BlindPixels(influence []float64, height, width int) (*Picture, error) {
	if err := checkMap(len(influence), height, width); err != nil {
		return nil, err
	}
	most, blind := 0.0, 0
	for i, v := range influence {
		if !(v >= 0) || math.IsInf(v, 0) {
			return nil, fmt.Errorf("convviz: influence of pixel %d is %g, should be a number from 0 on", i, v)
		}
		most = max(most, v)
		if v == 0 {
			blind++
		}
	}
	values := make([][]float64, height)
	for y := range values {
		values[y] = make([]float64, width)
		for x := range values[y] {
			if v := influence[y*width+x]; v > 0 { // a tiny value must not round to 0
				values[y][x] = max(math.Sqrt(v/most), 1e-9)
			}
		}
	}
	note := sayf("%d of %d pixels move nothing (%.1f %%, orange)", blind, len(influence), 100*float64(blind)/float64(len(influence)))
	return draw.Matrix{Title: say("What each input pixel moves"), XLabel: say("column"), YLabel: say("row"), Values: values, Hide: true,
		Color: draw.Heat, Lo: 0, Hi: 1, Zero: draw.Orange, Note: note,
		Alt: sayf("Map of %d x %d pixels by how much each moves the output, dark is little. %s.", height, width, note)}.Draw()
}

// maxSide bounds the rows and columns of a map: more cannot be seen.
const maxSide = 4096

func checkMap(n, height, width int) error {
	if height < 1 || width < 1 || height > maxSide || width > maxSide || n != height*width {
		return fmt.Errorf("convviz: %d numbers are no map of %d x %d, from 1 to %d on each side", n, height, width, maxSide)
	}
	return nil
}

// maxTiles bounds the tiles of one picture.
const maxTiles = 256

// Kernels draws the kernels of a convolution, values [height, width, in, out],
// all on one scale, blue below 0 and orange above. A row is a filter and a tile
// one channel of it; with red, green and blue a row is a colour and a column a
// filter, or of many filters a tile is a filter in colour, grey where it is 0.
func Kernels(values []float32, shape []int) (*Picture, error) {
	lo, hi, err := kernelLimits(values, shape)
	if err != nil {
		return nil, err
	}
	return kernelTiles(values, shape, lo, hi).Draw()
}

// kernelLimits checks kernels and gives the smallest and the largest number.
func kernelLimits(values []float32, shape []int) (lo, hi float64, err error) {
	if len(shape) != 4 {
		return 0, 0, fmt.Errorf("convviz: kernels have shape [height, width, in, out], got %v", shape)
	}
	kh, kw, in, out := shape[0], shape[1], shape[2], shape[3]
	if n, err := geometry.Size(shape...); err != nil || kh > 64 || kw > 64 || in > 1<<20 || out > 1<<20 || n != int64(len(values)) {
		return 0, 0, fmt.Errorf("convviz: %d numbers are no kernels of shape %v, at most 64x64", len(values), shape)
	}
	return limits(values)
}

// largeFilters is how many filters on colours are drawn with a tile for each
// colour; of more each is one tile.
const largeFilters = 8

// signedNote explains draw.Signed on a scale from -most to most.
func signedNote(most float64) string {
	return sayf("blue %.3g, white 0, orange %.3g", -most, most)
}

// kernelTiles is the gallery of checked kernels on the scale from lo to hi.
func kernelTiles(values []float32, shape []int, lo, hi float64) draw.Gallery {
	kh, kw, in, out := shape[0], shape[1], shape[2], shape[3]
	most := max(-lo, hi, 1e-30)
	at := func(y, x, i, o int) float64 { return float64(values[((y*kw+x)*in+i)*out+o]) / most }
	tile := func(paint func(y, x int) draw.Color) image.Image {
		img := image.NewNRGBA(image.Rect(0, 0, kw, kh))
		for y := range kh {
			for x := range kw {
				img.Set(x, y, paint(y, x))
			}
		}
		return img
	}
	g := draw.Gallery{Title: say("Kernels"), Cell: 32, Ground: draw.Edge}
	if out <= 8 && (in == 3 || in <= 8) { // few: large
		g.Cell = 64
	}
	shown := 0
	note := ""
	switch {
	case in == 3 && out <= largeFilters: // a row for each colour, a column for each filter
		shown = out
		for i, name := range []string{"red", "green", "blue"} {
			var row []image.Image
			for o := range out {
				row = append(row, tile(func(y, x int) draw.Color { return draw.Signed(at(y, x, i, o)) }))
			}
			g.Images, g.Rows = append(g.Images, row), append(g.Rows, say(name))
		}
		for o := range out {
			g.Cols = append(g.Cols, fmt.Sprint(o))
		}
		note = signedNote(most)
	case in == 3:
		shown = min(out, maxTiles)
		for o := range shown {
			if o%16 == 0 {
				g.Images = append(g.Images, nil)
			}
			row := &g.Images[len(g.Images)-1]
			*row = append(*row, tile(func(y, x int) draw.Color { return draw.Mixed(at(y, x, 0, o), at(y, x, 1, o), at(y, x, 2, o)) }))
		}
	default:
		note = signedNote(most)
		channels := min(in, 16)
		shown = min(out, maxTiles/channels)
		for o := range shown {
			var row []image.Image
			for i := range channels {
				row = append(row, tile(func(y, x int) draw.Color { return draw.Signed(at(y, x, i, o)) }))
			}
			g.Images, g.Rows = append(g.Images, row), append(g.Rows, fmt.Sprint(o))
		}
		for i := range channels {
			g.Cols = append(g.Cols, fmt.Sprint(i))
		}
	}
	if shown < out {
		g.Title += ", " + sayf("%d of %d shown", shown, out)
	}
	zeros := 0
	for _, v := range values {
		if v == 0 {
			zeros++
		}
	}
	g.Note = note
	g.Alt = sayf("%d kernels of %dx%d over %d channels, values from %.3g to %.3g.", out, kh, kw, in, lo, hi) +
		Say(" ", "") + sayf("%d of %d weights are 0", zeros, len(values)) + full()
	return g
}

// FeatureMaps draws the maps that a layer gives for one image, values
// [height, width, channels], all on one scale, and counts those that are 0
// everywhere. Where no number is negative, 0 is dark; otherwise 0 is white,
// negative numbers are blue and positive ones orange.
func FeatureMaps(values []float32, height, width, channels int) (*Picture, error) {
	lo, hi, err := mapLimits(values, height, width, channels)
	if err != nil {
		return nil, err
	}
	return mapTiles(values, height, width, channels, lo, hi).Draw()
}

// mapLimits checks maps and gives the smallest and the largest number.
func mapLimits(values []float32, height, width, channels int) (lo, hi float64, err error) {
	if n, err := geometry.Size(height, width, channels); err != nil || max(height, width) > maxSide || n != int64(len(values)) {
		return 0, 0, fmt.Errorf("convviz: %d numbers are no %d maps of %d x %d", len(values), channels, height, width)
	}
	return limits(values)
}

// mapTiles is the gallery of checked maps on the scale from lo to hi.
func mapTiles(values []float32, height, width, channels int, lo, hi float64) draw.Gallery {
	dead, most := 0, max(-lo, hi, 1e-30)
	g := draw.Gallery{Title: say("Feature maps"), Cell: 64}
	shown := min(channels, maxTiles)
	for c := range channels {
		empty := true
		for p := 0; p < height*width && empty; p++ {
			empty = values[p*channels+c] == 0
		}
		if empty {
			dead++
		}
		if c >= shown {
			continue
		}
		img := image.NewNRGBA(image.Rect(0, 0, width, height))
		for p := range height * width {
			v := float64(values[p*channels+c]) / most
			if lo < 0 {
				img.Set(p%width, p/width, draw.Signed(v))
			} else {
				img.Set(p%width, p/width, draw.Heat(v))
			}
		}
		if c%8 == 0 {
			g.Images = append(g.Images, nil)
		}
		row := &g.Images[len(g.Images)-1]
		*row = append(*row, img)
	}
	if shown < channels {
		g.Title += ", " + sayf("%d of %d shown", shown, channels)
	}
	note := sayf("%d of %d maps are 0 everywhere", dead, channels)
	g.Note = note
	if lo < 0 {
		g.Note += Say("; ", "；") + signedNote(most)
	}
	g.Alt = sayf("%d maps of %dx%d, values from %.3g to %.3g. %s.", channels, height, width, lo, hi, note)
	return g
}

// Gray is a map of numbers as an image for a Gallery, lo black and hi white:
// a photo after a kernel, for example.
func Gray(rows [][]float64, lo, hi float64) (image.Image, error) {
	h, w, err := size("map", rows)
	if err != nil {
		return nil, err
	}
	if !(hi > lo) {
		return nil, fmt.Errorf("convviz: no greys from %g to %g", lo, hi)
	}
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y, row := range rows {
		for x, v := range row {
			img.Set(x, y, draw.Grays((v-lo)/(hi-lo)))
		}
	}
	return img, nil
}

func limits(values []float32) (lo, hi float64, err error) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for i, v := range values {
		if math.IsNaN(float64(v)) || math.IsInf(float64(v), 0) {
			return 0, 0, fmt.Errorf("convviz: value %d is %g", i, v)
		}
		lo, hi = min(lo, float64(v)), max(hi, float64(v))
	}
	return lo, hi, nil
}
