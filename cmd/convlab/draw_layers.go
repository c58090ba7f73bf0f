package main

import (
	"context"
	"fmt"
	"math/rand/v2"

	"convlab/cnnlib"
	"convlab/convviz"
	"convlab/internal/backend"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// window is how a kernel slides, and the numbers that are drawn.
type window struct {
	Input    sides   `default:"5x5" help:"Size of the input: 9, 5x5 or 3x5x5."`
	Kernel   sides   `default:"3" help:"Size of the kernel: one side for all axes, or as many as the input has."`
	Stride   int     `default:"1" help:"Pixels from a place of the kernel to the next."`
	Padding  int     `default:"0" help:"Zeros around the input."`
	Dilation int     `default:"1" help:"Distance between the kernel's numbers."`
	Values   numbers `help:"The input's numbers, row by row, as 1,0,2 (default: digits by --seed)."`
	Weights  numbers `help:"The kernel's numbers, row by row (default: −2 to 2 by --seed)."`
	Seed     uint64  `default:"1" help:"Chooses numbers that are not given."`
}

// check bounds what is allocated before convviz judges the sizes.
func (w *window) check(axes int) (err error) {
	if len(w.Input) > 3 {
		return fmt.Errorf("--input has %d sides, from 1 to 3 can be drawn", len(w.Input))
	}
	if w.Kernel, err = w.Kernel.fill(axes, "kernel"); err != nil {
		return err
	}
	if w.Stride < 1 || w.Dilation < 1 || w.Padding < 0 || w.Stride > 1000 || w.Dilation > 1000 || w.Padding > 1000 {
		return fmt.Errorf("--stride %d, --padding %d and --dilation %d: padding starts at 0, the others at 1, and none passes 1000", w.Stride, w.Padding, w.Dilation)
	}
	return nil
}

const maxDrawn = 1 << 16 // numbers of an input or kernel

// numbersFor are those given, or n from the seed between lo and hi.
func numbersFor(given numbers, what string, n int, lo, hi int, seed, stream uint64) ([]float64, error) {
	if n > maxDrawn || n < 1 {
		return nil, fmt.Errorf("%d numbers in the %s are too many to draw: take a smaller size", n, what)
	}
	if given != nil {
		if len(given) != n {
			return nil, fmt.Errorf("the %s has %d numbers, %d are given", what, n, len(given))
		}
		return given, nil
	}
	rng := rand.New(rand.NewPCG(seed, stream))
	out := make([]float64, n)
	for i := range out {
		out[i] = float64(lo + rng.IntN(hi-lo+1))
	}
	return out, nil
}

func times(dims ...int) int {
	p := 1
	for _, d := range dims {
		if p *= d; p > 1<<40 {
			return 1 << 40
		}
	}
	return p
}

// planes cuts numbers into planes of rows.
func planes(flat []float64, d, h, w int) [][][]float64 {
	out := make([][][]float64, d)
	for i := range out {
		for r := range h {
			at := (i*h + r) * w
			out[i] = append(out[i], flat[at:at+w])
		}
	}
	return out
}

// windows are those of the axes.
func (w *window) windows() []cnnlib.Window {
	var out []cnnlib.Window
	for _, k := range w.Kernel {
		out = append(out, cnnlib.Window{Kernel: k, Stride: w.Stride, Dilation: w.Dilation, PadBefore: w.Padding, PadAfter: w.Padding})
	}
	return out
}

// computed is what cnnlib makes of x: [spatial..., in] with kernel:
// [spatial..., in/groups, out], and the shape of that. The picture is compared
// with it.
func computed(windows []cnnlib.Window, transposed bool, x []float64, in []int, kernel []float64, shape []int, groups int) (y []float64, output []int, err error) {
	choice, err := backend.Open()
	if err != nil {
		return nil, nil, err
	}
	out := shape[len(shape)-1]
	var layer cnnlib.Layer = cnnlib.Conv{Out: out, Axes: windows, Groups: groups}
	if transposed {
		out = shape[len(shape)-2] * groups
		layer = cnnlib.TransposedConv{Out: out, Axes: windows, Groups: groups}
	}
	info, err := (cnnlib.Sequential{layer}).Check(in)
	if err != nil {
		return nil, nil, err
	}
	result, err := graph.CallOnce(choice.Backend, func(x, kernel *graph.Node) *graph.Node {
		if c, ok := layer.(cnnlib.TransposedConv); ok {
			return cnnlib.ConvolveTransposed(x, kernel, c)
		}
		return cnnlib.Convolve(x, kernel, layer.(cnnlib.Conv))
	}, tensors.FromFlatDataAndDimensions(float32s(x), append([]int{1}, in...)...), tensors.FromFlatDataAndDimensions(float32s(kernel), shape...))
	if err != nil {
		return nil, nil, err
	}
	flat, err := tensors.CopyFlatData[float32](result)
	if err != nil {
		return nil, nil, err
	}
	for _, v := range flat {
		y = append(y, float64(v))
	}
	return y, info.Output[:len(info.Output)-1], nil
}

func float32s(values []float64) []float32 {
	out := make([]float32, len(values))
	for i, v := range values {
		out[i] = float32(v)
	}
	return out
}

type drawSlide struct {
	window
	Transposed bool `help:"Stamp the kernel instead (lesson 1.4.1)."`
	filmTarget
}

func (c *drawSlide) Run(ctx context.Context) error {
	s, err := c.slide(c.Transposed)
	if err != nil {
		return err
	}
	f, err := s.Film()
	return c.film(ctx, "slide", f, err)
}

// layer is the convolution of a window.
func (w *window) layer(transposed bool, groups int) cnnlib.Layer {
	if transposed {
		return cnnlib.TransposedConv{Stride: w.Stride, Padding: w.Padding, Dilation: w.Dilation}
	}
	return cnnlib.Conv{Stride: w.Stride, Padding: w.Padding, Dilation: w.Dilation, Groups: groups}
}

// slide is the one channel of a window, with cnnlib's output.
func (w *window) slide(transposed bool) (convviz.Slide, error) {
	none := convviz.Slide{}
	axes := len(w.Input)
	if axes > 2 {
		return none, fmt.Errorf("--input has %d sides: three are drawn by convlab draw stack --volume", axes)
	}
	if err := w.check(axes); err != nil {
		return none, err
	}
	x, err := numbersFor(w.Values, "input", times(w.Input...), 0, 9, w.Seed, 1)
	if err != nil {
		return none, err
	}
	k, err := numbersFor(w.Weights, "kernel", times(w.Kernel...), -2, 2, w.Seed, 2)
	if err != nil {
		return none, err
	}
	in, kernel := w.Input, w.Kernel
	if axes == 1 {
		in, kernel = sides{1, in[0]}, sides{1, kernel[0]}
	}
	s, err := convviz.SlideOf(w.layer(transposed, 1), planes(x, 1, in[0], in[1])[0], planes(k, 1, kernel[0], kernel[1])[0], nil)
	if err != nil {
		return none, err
	}
	y, out, err := computed(w.windows(), transposed, x, append(append([]int{}, w.Input...), 1), k, append(append([]int{}, w.Kernel...), 1, 1), 1)
	if err != nil {
		return none, err
	}
	height, width := 1, len(y)
	if axes == 2 {
		height, width = out[0], out[1]
	}
	s.Output = planes(y, 1, height, width)[0]
	return s, nil
}

type drawMatrix struct {
	window
	Transposed bool `help:"The transposed convolution's (lesson 1.4.2)."`
	In         int  `default:"1" help:"Input channels."`
	Filters    int  `default:"1" help:"Output channels."`
	Groups     int  `default:"1" help:"Groups: the matrix has blocks (lesson 1.8)."`
	filmTarget
}

func (c *drawMatrix) Run(ctx context.Context) error {
	if c.In == 1 && c.Filters == 1 {
		s, err := c.slide(c.Transposed)
		if err != nil {
			return err
		}
		f, err := s.Matrix()
		return c.film(ctx, "matrix", f, err)
	}
	if err := c.check(len(c.Input)); err != nil {
		return err
	}
	if c.In < 1 || c.Filters < 1 || c.Groups < 1 || c.In%c.Groups != 0 || c.Filters%c.Groups != 0 {
		return fmt.Errorf("%d input and %d output channels cannot be split into %d groups", c.In, c.Filters, c.Groups)
	}
	k, err := numbersFor(c.Weights, "kernel", times(append([]int{c.In / c.Groups, c.Filters}, c.Kernel...)...), 1, 9, c.Seed, 2)
	if err != nil {
		return err
	}
	in := append(append([]int{}, c.Input...), c.In)
	var layer cnnlib.Matrixer = cnnlib.Conv{Out: c.Filters, Axes: c.windows(), Groups: c.Groups}
	if c.Transposed {
		layer = cnnlib.TransposedConv{Out: c.Filters, Axes: c.windows(), Groups: c.Groups}
	}
	m, err := layer.Matrix(in, k)
	if err != nil {
		return err
	}
	p, err := convviz.LayerMatrix(m, layer.Name())
	return c.picture(ctx, "matrix", p, err)
}

type drawKronecker struct {
	Column numbers `default:"1,2,1" help:"The kernel's column."`
	Row    numbers `default:"-1,0,1" help:"The kernel's row."`
	Input  sides   `default:"4x4" help:"Size of the input."`
	target
}

func (c *drawKronecker) Run(ctx context.Context) error {
	in, err := c.Input.fill(2, "input")
	if err != nil {
		return err
	}
	p, err := convviz.Kronecker(c.Column, c.Row, in[0], in[1])
	return c.picture(ctx, "kronecker", p, err)
}
