package cnnlib

import (
	"context"
	"fmt"
	"math"
	"slices"

	"convlab/internal/geometry"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// placeOf checks n images and finds the layer at path.
func (m *Model) placeOf(pixels []uint8, n int, path Path) (*Place, error) {
	in := m.root.In
	size := geometry.Volume(in)
	if n < 1 || len(pixels)%size != 0 || len(pixels)/size != n {
		return nil, fmt.Errorf("cnnlib: %d images of shape %v are %d bytes, got %d", n, in, n*size, len(pixels))
	}
	return m.root.At(path)
}

// values builds the network on pixels, up to the end of the place until, and
// gives the normalised pixels and what every place makes of them.
func (m *Model) values(pixels *graph.Node, until *Place) (x *graph.Node, values map[*Place]*graph.Node) {
	b := builder{store: m.store, until: until, values: make(map[*Place]*graph.Node)}
	x = m.input(pixels)
	b.build(m.root, x)
	return x, b.values
}

// builder builds a network part by part, as Layer.Build does.
type builder struct {
	store  *model.Store
	until  *Place                 // nothing is built behind it: some backends cannot run nodes that nobody uses
	values map[*Place]*graph.Node // what each place gives; nil: not noted
}

// build gives what p makes of x, or nil behind the place where it ends.
func (b *builder) build(p *Place, x *graph.Node) *graph.Node {
	switch {
	case len(p.Parts) == 0:
		x = p.Layer.Build(b.store.Scope(p.Scope()), x)
	case p.Parallel:
		var results []*graph.Node
		for _, q := range p.Parts {
			if b.until != nil && p != b.until && q.before(b.until) == nil && p.before(b.until) != nil {
				continue // it ends in another branch
			}
			results = append(results, b.build(q, x))
		}
		if slices.Contains(results, nil) {
			return nil
		}
		x = p.Join.build(results)
	default:
		for _, q := range p.Parts {
			if x = b.build(q, x); x == nil {
				return nil
			}
		}
	}
	if b.values != nil {
		b.values[p] = x
	}
	if p == b.until {
		return nil
	}
	return x
}

// once compiles a graph of n images, runs it and gives each image's part of
// the result.
func (m *Model) once(pixels []uint8, n int, what string, build func(pixels *graph.Node) *graph.Node) ([][]float32, error) {
	exec, err := model.NewExec(m.backend, m.store, func(_ *model.Scope, pixels *graph.Node) *graph.Node { return build(pixels) })
	if err != nil {
		return nil, fmt.Errorf("cnnlib: %s: %w", what, err)
	}
	defer exec.Finalize()
	result, err := exec.Call1(tensors.FromFlatDataAndDimensions(pixels, append([]int{n}, m.root.In...)...))
	if err != nil {
		return nil, fmt.Errorf("cnnlib: %s: %w", what, err)
	}
	flat, err := tensors.CopyFlatData[float32](result)
	if err != nil {
		return nil, fmt.Errorf("cnnlib: %s: %w", what, err)
	}
	parts, size := make([][]float32, n), len(flat)/n
	for i := range parts {
		parts[i] = flat[i*size : (i+1)*size]
	}
	return parts, nil
}

// Output returns what the layer at path (the whole network if path is "")
// gives for each of n images with dropout off: its feature maps.
//
// pixels: n·height·width·channels bytes → n slices of the numbers of one
// output, whose shape it gives too, as [height, width, channels].
func (m *Model) Output(pixels []uint8, n int, path Path) (values [][]float32, shape []int, err error) {
	p, err := m.placeOf(pixels, n, path)
	if err != nil {
		return nil, nil, err
	}
	values, err = m.once(pixels, n, "output", func(pixels *graph.Node) *graph.Node {
		_, values := m.values(pixels, p)
		return values[p]
	})
	return values, slices.Clone(p.Info.Output), err
}

// GradCAM tells which places of an image spoke for a class (Selvaraju et al.
// 2017, lesson 3.6): the maps that the layer at path gives, each weighted by
// the mean over its places of the gradient of the class's logit, are summed,
// and what is below 0 becomes 0. The layer should be the last with places, as
// the ReLU after the last convolution: "4" in network 3.1.
//
// pixels: one image → height·width numbers of that layer, whose height and
// width it gives too.
func (m *Model) GradCAM(pixels []uint8, path Path, class int) (cam []float64, height, width int, err error) {
	p, err := m.placeOf(pixels, 1, path)
	if err != nil {
		return nil, 0, 0, err
	}
	shape := p.Info.Output
	if len(shape) != 3 {
		return nil, 0, 0, fmt.Errorf("cnnlib: %s has output shape %v, Grad-CAM needs [height, width, channels]", p.spoken(), shape)
	}
	if err := m.checkClass(class); err != nil {
		return nil, 0, 0, err
	}
	maps, err := m.once(pixels, 1, "Grad-CAM", func(pixels *graph.Node) *graph.Node {
		_, values := m.values(pixels, m.root)
		a := values[p]
		logit := graph.ReduceAllSum(graph.Slice(values[m.root], graph.AxisRange(), graph.AxisElem(class)))
		weights := graph.ReduceMean(graph.Gradient(logit, a)[0], 1, 2) // [1, channels]
		weights = graph.ExpandAxes(weights, 1, 2)
		sum := graph.ReduceSum(graph.Mul(a, weights), -1)
		return graph.Max(sum, graph.ZerosLike(sum))
	})
	if err != nil {
		return nil, 0, 0, err
	}
	for _, v := range maps[0] {
		cam = append(cam, float64(v))
	}
	return cam, shape[0], shape[1], nil
}

// checkClass tells why the network has no such class.
func (m *Model) checkClass(class int) error {
	out := m.root.Info.Output
	if len(out) != 1 {
		return fmt.Errorf("cnnlib: the network's output has shape %v, not one logit per class", out)
	}
	if class < 0 || class >= out[0] {
		return fmt.Errorf("cnnlib: classes are 0 to %d, got %d", out[0]-1, class)
	}
	return nil
}

// maxPatches bounds the predictions of one Occlusion.
const maxPatches = 1 << 14

// Occlusion tells how much of a class's probability an image loses when a
// square of size pixels is covered (Zeiler and Fergus 2014, lesson 3.6), for
// squares at every stride pixels and at the lower and right border. The cover
// is the mean colour that the network subtracts, so that it is shown nothing
// there. Each pixel has the mean of the squares that cover it; below 0 the
// class became more likely. With small strides an image of 224 pixels takes
// minutes: when ctx ends, Occlusion gives ctx.Err() before the next hundred
// squares.
//
// pixels: one image [height, width, channels] → height·width numbers.
func (m *Model) Occlusion(ctx context.Context, pixels []uint8, class, size, stride int) ([]float64, error) {
	if _, err := m.placeOf(pixels, 1, ""); err != nil {
		return nil, err
	}
	if len(m.root.In) != 3 {
		return nil, fmt.Errorf("cnnlib: occlusion needs images [height, width, channels], the network takes %v", m.root.In)
	}
	if err := m.checkClass(class); err != nil {
		return nil, err
	}
	h, w := m.root.In[0], m.root.In[1]
	if size < 1 || size > min(h, w) || stride < 1 || stride > size {
		return nil, fmt.Errorf("cnnlib: squares of %d pixels every %d do not cover an image of %dx%d: size from 1 to %d, stride from 1 to size", size, stride, h, w, min(h, w))
	}
	rows, cols := steps(h, size, stride), steps(w, size, stride)
	if len(rows)*len(cols) > maxPatches {
		return nil, fmt.Errorf("cnnlib: %d squares are too many, at most %d: take a larger stride", len(rows)*len(cols), maxPatches)
	}
	whole, err := m.probability(ctx, pixels, 1, class)
	if err != nil {
		return nil, err
	}
	drop, covers := make([]float64, h*w), make([]float64, h*w)
	for _, top := range rows { // a row of squares at a time
		row := make([]uint8, 0, len(cols)*len(pixels))
		for _, left := range cols {
			row = append(row, m.covered(pixels, top, left, size)...)
		}
		p, err := m.probability(ctx, row, len(cols), class)
		if err != nil {
			return nil, err
		}
		for i, left := range cols {
			for y := top; y < top+size; y++ {
				for x := left; x < left+size; x++ {
					drop[y*w+x] += whole[0] - p[i]
					covers[y*w+x]++
				}
			}
		}
	}
	for i := range drop {
		drop[i] /= covers[i]
	}
	return drop, nil
}

// steps are the starts of windows of size over n pixels, the last at the end.
func steps(n, size, stride int) []int {
	var starts []int
	for at := 0; at < n-size; at += stride {
		starts = append(starts, at)
	}
	return append(starts, n-size)
}

// covered is the image with a square of the mean colour.
func (m *Model) covered(pixels []uint8, top, left, size int) []uint8 {
	w, channels := m.root.In[1], m.root.In[2]
	out := append([]uint8{}, pixels...)
	for y := top; y < top+size; y++ {
		for x := left; x < left+size; x++ {
			for c := range channels {
				out[(y*w+x)*channels+c] = uint8(math.Round(255 * float64(min(max(m.mean[c], 0), 1))))
			}
		}
	}
	return out
}

// probability is that of the class for each of n images.
func (m *Model) probability(ctx context.Context, pixels []uint8, n, class int) ([]float64, error) {
	logits, err := m.PredictContext(ctx, pixels, n)
	if err != nil {
		return nil, err
	}
	p := make([]float64, n)
	for i := range p {
		p[i] = float64(Softmax(logits[i])[class])
	}
	return p, nil
}
