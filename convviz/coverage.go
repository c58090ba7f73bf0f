package convviz

import (
	"fmt"

	"convlab/convviz/draw"
	"convlab/internal/geometry"
)

// Coverage draws which input pixels one output of dilated layers, one on the
// other, reads, and along how many paths each (lesson 1.5): with rates 2, 2, 2
// a grid with holes, with 1, 2, 3 all of them. kernel is the side of every
// kernel.
func Coverage(kernel int, rates ...int) (*Picture, error) {
	if len(rates) == 0 || len(rates) > 16 {
		return nil, fmt.Errorf("convviz: %d layers, from 1 to 16 can be drawn", len(rates))
	}
	windows := make([]geometry.Window, len(rates))
	for i, rate := range rates {
		windows[i] = geometry.Window{Kernel: kernel, Stride: 1, Dilation: rate}
		if err := windows[i].Check(); err != nil {
			return nil, fmt.Errorf("convviz: layer %d: %w", i, err)
		}
	}
	fields := geometry.Fields(windows)
	side := fields[len(fields)-1].Size
	if side > 101 {
		return nil, fmt.Errorf("convviz: the layers see %d pixels, up to 101 can be drawn", side)
	}
	paths, err := pathsTo(windows, side)
	if err != nil {
		return nil, err
	}
	values, touched := make([][]float64, side), 0
	for i := range values {
		values[i] = make([]float64, side)
		for j := range values[i] {
			values[i][j] = paths[i] * paths[j]
			if values[i][j] > 0 {
				touched++
			}
		}
	}
	note := sayf("%d of %d pixels are read", touched, side*side)
	title := sayf("Paths to one output, rates %s", joined(rates))
	return draw.Matrix{Title: title, Values: values, Zero: draw.Shade, Note: note, Color: func(v float64) draw.Color { return draw.Light(draw.Pale(0.15 + 0.75*v)) },
		Lo: 0, Alt: title + colon() + note + full()}.Draw()
}

// pathsTo counts along one axis the paths from each of n input pixels to the
// one unit that sees them all: the gradient of ones through the matrices of
// the layers.
func pathsTo(windows []geometry.Window, n int) ([]float64, error) {
	sizes := []int{n}
	for _, w := range windows {
		out, err := w.OutputSize(sizes[len(sizes)-1])
		if err != nil {
			return nil, fmt.Errorf("convviz: %w", err)
		}
		sizes = append(sizes, out)
	}
	paths := []float64{1}
	for i := len(windows) - 1; i >= 0; i-- {
		ones := make([]float64, windows[i].Kernel)
		for k := range ones {
			ones[k] = 1
		}
		m, err := geometry.Conv{Windows: windows[i : i+1], In: 1, Out: 1, Groups: 1}.Matrix(sizes[i:i+1], ones)
		if err != nil {
			return nil, fmt.Errorf("convviz: %w", err)
		}
		if paths, err = m.Transpose().Mul(paths); err != nil {
			return nil, fmt.Errorf("convviz: %w", err)
		}
	}
	return paths, nil
}

func joined(numbers []int) string {
	text := ""
	for i, n := range numbers {
		if i > 0 {
			text += ", "
		}
		text += fmt.Sprint(n)
	}
	return text
}
