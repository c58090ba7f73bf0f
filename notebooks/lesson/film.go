package lesson

import (
	"convlab/cnnlib"
	"convlab/convviz"
)

// Film shows, step by step, how layer makes its output of x with this kernel:
// every product of every output number, or for a cnnlib.TransposedConv every
// stamp. The numbers are the library's; a film whose products do not sum to
// them is refused.
func Film(layer cnnlib.Layer, x, kernel Map) {
	step(must(slide(layer, x, kernel)).Film())
}

// FilmPlain shows a transposed convolution as the plain one that gives the
// same numbers: the kernel turned by 180°, over x with zeros between its
// numbers and around them (lesson 1.4.1).
func FilmPlain(layer cnnlib.TransposedConv, x, kernel Map) {
	step(must(must(slide(layer, x, kernel)).Plain()).Film())
}

// FilmMatrix shows layer as the matrix that it is on the flat numbers of x, a
// step for each row of it (lesson 1.4.2).
func FilmMatrix(layer cnnlib.Layer, x, kernel Map) {
	step(must(slide(layer, x, kernel)).Matrix())
}

// FilmAll shows how layer makes a map of all channels of x with each filter:
// the products of each slice, their partial maps, and the sum (lessons 1.2.2,
// 1.6.2 and 1.8).
func FilmAll(layer cnnlib.Conv, x Maps, filters ...Maps) {
	step(must(stack(layer, x, 0, filters)).Film())
}

// FilmColours is FilmAll of the red, green and blue channels of a photo with
// one filter and its bias, which is added to the sum.
func FilmColours(layer cnnlib.Conv, x, filter Maps, bias float32) {
	s := must(stack(layer, x, bias, []Maps{filter}))
	if len(x) == 3 {
		s.Names = []string{"red", "green", "blue"} // which have their colours, and their Chinese names
	}
	step(s.Film())
}

// FilmVolume shows a kernel that moves in depth, height and width: first the
// slices of the volume one over the other, then side by side (lesson 1.3).
func FilmVolume(layer cnnlib.Conv, volume, kernel Maps) {
	s := must(volumeStack(layer, volume, kernel))
	step(s.Isometric())
	step(s.Film())
}

// Factors shows the three kernels of a flattened convolution, along the
// channels, down and across, beside the one that they make together (lesson
// 1.7).
func Factors(along Maps, down, across Map) {
	weights := make([]float64, len(along))
	for i, m := range along {
		OK(m.check())
		weights[i] = float64(m[0][0])
	}
	Show(convviz.Factors(weights, flat(down), flat(across)))
}

// Bias adds b to every number.
func (m Map) Bias(b float32) Map {
	out := make(Map, len(m))
	for i, row := range m {
		for _, v := range row {
			out[i] = append(out[i], v+b)
		}
	}
	return out
}

// Numbers are the maps as the pictures of convviz take them.
func (m Maps) Numbers() [][][]float64 {
	out := make([][][]float64, len(m))
	for i, one := range m {
		out[i] = convviz.Numbers(one)
	}
	return out
}

func step(f *convviz.Film, err error) { OK(convviz.ShowFilm(f, err)) }

// slide is the film of one channel.
func slide(layer cnnlib.Layer, x, kernel Map) (convviz.Slide, error) {
	y, err := applied(layer, Maps{x}, []Maps{{kernel}})
	if err != nil {
		return convviz.Slide{}, err
	}
	if c, ok := layer.(cnnlib.Conv); ok && (c.Same || c.Axes != nil) {
		return convviz.Slide{}, wrong("a film takes its padding as a number, not as Same or Axes", "动画的填充要写成数字，不能用 Same 或 Axes")
	}
	return convviz.SlideOf(layer, convviz.Numbers(x), convviz.Numbers(kernel), convviz.Numbers(y[0]))
}

// stack is the film of several channels.
func stack(layer cnnlib.Conv, x Maps, bias float32, filters []Maps) (convviz.Stack, error) {
	y, err := applied(layer, x, filters)
	if err != nil {
		return convviz.Stack{}, err
	}
	var kernels [][][][]float64
	for _, f := range filters {
		kernels = append(kernels, f.Numbers())
	}
	s, err := convviz.StackOf(layer, x.Numbers(), kernels...)
	s.Bias = float64(bias)
	for _, m := range y {
		s.Output = append(s.Output, convviz.Numbers(m.Bias(bias)))
	}
	return s, err
}

func volumeStack(layer cnnlib.Conv, volume, kernel Maps) (convviz.Stack, error) {
	y, err := appliedVolume(layer, volume, kernel)
	if err != nil {
		return convviz.Stack{}, err
	}
	s, err := convviz.StackOf(layer, volume.Numbers(), kernel.Numbers())
	s.Volume, s.Output = true, y.Numbers()
	return s, err
}
