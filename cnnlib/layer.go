// Package cnnlib describes convolutional networks as plain values on GoMLX.
//
// A network is a Sequential of layers. From that one value come the checks,
// the summary table and the graph:
//
//	net := cnnlib.LeNet()
//	summary, err := net.Summary(cnnlib.CIFARInput)
//	fmt.Println(summary)
//
// Images are [batch, height, width, channels], kernels [height, width, in,
// out]. Inside a graph the building functions panic as GoMLX does; every
// other function returns an error that names the layer.
package cnnlib

import (
	"fmt"

	"convlab/internal/geometry"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Layer is one step of a Sequential.
type Layer interface {
	// Name is the layer's kind with its size, as "Conv 6@3x3".
	Name() string
	// Check tells what the layer does to one example of shape in, which is
	// [height, width, channels] or [features], or why it cannot.
	Check(in []int) (Info, error)
	// Build adds the layer to the graph of x: [batch, in...]. Its variables
	// live in scope.
	Build(scope *model.Scope, x *graph.Node) *graph.Node
}

// Info is what a layer is and costs for one input shape.
type Info struct {
	Output  []int             // shape of one example after the layer
	Weights []Weight          // trainable variables
	MACs    int64             // multiply-accumulates for one example
	Window  []geometry.Window // one per spatial axis, nil if the layer does not slide
}

// Params is the number of trainable numbers.
func (i Info) Params() int64 {
	var total int64
	for _, w := range i.Weights {
		total += product(w.Shape)
	}
	return total
}

// Weight is a trainable variable of a layer.
type Weight struct {
	Name  string // "weight" or "bias", as in PyTorch
	Shape []int
	FanIn int // inputs that one output sums over: sets the initial range
}

func product(dims []int) int64 {
	p := int64(1)
	for _, d := range dims {
		p *= int64(d)
	}
	return p
}

func weightsAndBias(noBias bool, fanIn, out int, shape ...int) []Weight {
	weights := []Weight{{Name: "weight", Shape: shape, FanIn: fanIn}}
	if !noBias {
		weights = append(weights, Weight{Name: "bias", Shape: []int{out}, FanIn: fanIn})
	}
	return weights
}

func variable(scope *model.Scope, g *graph.Graph, name string, dims ...int) *graph.Node {
	return scope.VariableWithShape(name, shapes.Make(dtypes.Float32, dims...)).NodeValue(g)
}

func image(in []int) error {
	if len(in) != 3 {
		return fmt.Errorf("needs images [height, width, channels], got shape %v", in)
	}
	return nil
}

func orOne(v int) int {
	if v == 0 {
		return 1
	}
	return v
}

// Conv is a square 2D convolution (a cross-correlation, as in every network
// library). Zero Stride and Dilation mean 1. Lesson 1.2.2.
//
// x: [batch, height, width, in] → [batch, height', width', Out] with
// height' = floor((height + 2·Padding − Dilation·(Kernel−1) − 1)/Stride) + 1.
// Stride together with Dilation is not there yet, nor are groups.
type Conv struct {
	Out      int // output channels: the number of filters
	Kernel   int // side of the square kernel
	Stride   int // 0 means 1
	Padding  int // zeros on each side
	Dilation int // 0 means 1
	NoBias   bool
}

// Name implements Layer.
func (c Conv) Name() string { return fmt.Sprintf("Conv %d@%dx%d", c.Out, c.Kernel, c.Kernel) }

func (c Conv) window() geometry.Window {
	return geometry.Window{Kernel: c.Kernel, Stride: orOne(c.Stride), Dilation: orOne(c.Dilation),
		PadBefore: c.Padding, PadAfter: c.Padding}
}

// Check implements Layer.
func (c Conv) Check(in []int) (Info, error) {
	if err := image(in); err != nil {
		return Info{}, err
	}
	if c.Out < 1 {
		return Info{}, fmt.Errorf("needs at least 1 output channel, got %d", c.Out)
	}
	if orOne(c.Stride) > 1 && orOne(c.Dilation) > 1 {
		return Info{}, fmt.Errorf("stride %d together with dilation %d is not supported yet: set one of them to 1", c.Stride, c.Dilation)
	}
	w := c.window()
	h, err := w.OutputSize(in[0])
	if err != nil {
		return Info{}, fmt.Errorf("height: %w", err)
	}
	wd, err := w.OutputSize(in[1])
	if err != nil {
		return Info{}, fmt.Errorf("width: %w", err)
	}
	fanIn := c.Kernel * c.Kernel * in[2]
	out := []int{h, wd, c.Out}
	return Info{
		Output:  out,
		Weights: weightsAndBias(c.NoBias, fanIn, c.Out, c.Kernel, c.Kernel, in[2], c.Out),
		MACs:    product(out) * int64(fanIn),
		Window:  []geometry.Window{w, w},
	}, nil
}

// Build implements Layer.
func (c Conv) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	in := x.Shape().Dimensions[3]
	kernel := variable(scope, x.Graph(), "weight", c.Kernel, c.Kernel, in, c.Out)
	p := [2]int{c.Padding, c.Padding}
	y := graph.Convolve(x, kernel).Strides(orOne(c.Stride)).Dilations(orOne(c.Dilation)).PaddingPerDim([][2]int{p, p}).Done()
	if !c.NoBias {
		y = graph.Add(y, graph.ExpandLeftToRank(variable(scope, x.Graph(), "bias", c.Out), 4))
	}
	return y
}

// ReLU is max(x, 0), element by element.
type ReLU struct{}

// Name implements Layer.
func (ReLU) Name() string { return "ReLU" }

// Check implements Layer.
func (ReLU) Check(in []int) (Info, error) { return Info{Output: in}, nil }

// Build implements Layer.
func (ReLU) Build(_ *model.Scope, x *graph.Node) *graph.Node { return graph.MaxScalar(x, 0) }

// MaxPool keeps the largest value of each Size×Size window, windows side by
// side; rows and columns that fill no window are dropped, as in PyTorch's
// default. Overlapping windows are not there yet.
//
// x: [batch, height, width, channels] → [batch, height/Size, width/Size, channels].
type MaxPool struct {
	Size int // side and stride of the window
}

// Name implements Layer.
func (p MaxPool) Name() string { return fmt.Sprintf("MaxPool %dx%d", p.Size, p.Size) }

// Check implements Layer.
func (p MaxPool) Check(in []int) (Info, error) {
	if err := image(in); err != nil {
		return Info{}, err
	}
	w := geometry.Window{Kernel: p.Size, Stride: p.Size, Dilation: 1}
	h, err := w.OutputSize(in[0])
	if err != nil {
		return Info{}, fmt.Errorf("height: %w", err)
	}
	wd, err := w.OutputSize(in[1])
	if err != nil {
		return Info{}, fmt.Errorf("width: %w", err)
	}
	return Info{Output: []int{h, wd, in[2]}, Window: []geometry.Window{w, w}}, nil
}

// Build implements Layer. The maximum of strided slices has a much cheaper
// gradient on XLA's CPU backend than a pooling operation: no
// select-and-scatter.
func (p MaxPool) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	dims := x.Shape().Dimensions
	h, w := dims[1]/p.Size*p.Size, dims[2]/p.Size*p.Size
	var best *graph.Node
	for i := range p.Size {
		for j := range p.Size {
			part := graph.Slice(x, graph.AxisRange(), graph.AxisRange(i, h).Stride(p.Size), graph.AxisRange(j, w).Stride(p.Size))
			if best == nil {
				best = part
			} else {
				// Not Max: its gradient splits a tie, PyTorch's goes to the first.
				best = graph.Where(graph.GreaterThan(part, best), part, best)
			}
		}
	}
	return best
}

// Flatten makes one row of features of each image, in PyTorch's order
// (channel, then row, then column), so that the weights of the dense layer
// after it mean the same there and here.
//
// x: [batch, height, width, channels] → [batch, channels·height·width].
type Flatten struct{}

// Name implements Layer.
func (Flatten) Name() string { return "Flatten" }

// Check implements Layer.
func (Flatten) Check(in []int) (Info, error) {
	if err := image(in); err != nil {
		return Info{}, err
	}
	return Info{Output: []int{int(product(in))}}, nil
}

// Build implements Layer.
func (Flatten) Build(_ *model.Scope, x *graph.Node) *graph.Node {
	batch := x.Shape().Dimensions[0]
	return graph.Reshape(graph.TransposeAllAxes(x, 0, 3, 1, 2), batch, -1)
}

// Dense connects every input feature with every output: x·weight + bias.
//
// x: [batch, features] → [batch, Out]; weight: [features, Out].
type Dense struct {
	Out    int
	NoBias bool
}

// Name implements Layer.
func (d Dense) Name() string { return fmt.Sprintf("Dense %d", d.Out) }

// Check implements Layer.
func (d Dense) Check(in []int) (Info, error) {
	if len(in) != 1 {
		return Info{}, fmt.Errorf("needs [features], got shape %v: put a Flatten before it", in)
	}
	if d.Out < 1 {
		return Info{}, fmt.Errorf("needs at least 1 output, got %d", d.Out)
	}
	return Info{
		Output:  []int{d.Out},
		Weights: weightsAndBias(d.NoBias, in[0], d.Out, in[0], d.Out),
		MACs:    int64(in[0]) * int64(d.Out),
	}, nil
}

// Build implements Layer.
func (d Dense) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	in := x.Shape().Dimensions[1]
	y := graph.Dot(x, variable(scope, x.Graph(), "weight", in, d.Out)).Product()
	if !d.NoBias {
		y = graph.Add(y, graph.ExpandLeftToRank(variable(scope, x.Graph(), "bias", d.Out), 2))
	}
	return y
}
