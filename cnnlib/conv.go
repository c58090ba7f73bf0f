package cnnlib

import (
	"fmt"

	"convlab/cnnlib/internal/lower"
	"convlab/internal/geometry"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Conv is a convolution (a cross-correlation, as in every network library)
// with 1, 2 or 3 spatial axes, as the input has. Zero Stride, Dilation and
// Groups mean 1. Lessons 1.1 to 1.3, dilated 1.5, grouped 1.8.
//
// x: [batch, height, width, in] → [batch, height', width', Out] with
// height' = floor((height + 2·Padding − Dilation·(Kernel−1) − 1)/Stride) + 1;
// weight: [Kernel, Kernel, in/Groups, Out]. Output channel o sees the inputs
// of group o/(Out/Groups) only (Krizhevsky et al. 2012).
type Conv struct {
	Out      int // output channels: the number of filters
	Kernel   int // side of the kernel
	Stride   int
	Padding  int // zeros on each side
	Dilation int // distance of the kernel's taps (Yu and Koltun 2015)
	Groups   int
	Same     bool     // pad so that the output has ceil(size/Stride) positions
	Axes     []Window // if set, a window per spatial axis in place of Kernel, Stride, Padding and Dilation
	NoBias   bool
	Plan     Plan // how it is computed; the zero value lets the library choose
}

func (c Conv) slide() slide { return slide{c.Kernel, c.Stride, c.Padding, c.Dilation, c.Same, c.Axes} }

// Name implements Layer.
func (c Conv) Name() string { return c.nameFor(0) }

func (c Conv) nameFor(axes int) string {
	name := fmt.Sprintf("Conv %d@%s", c.Out, c.slide().size(axes))
	if c.Stride > 1 {
		name += fmt.Sprintf(" s%d", c.Stride)
	}
	if c.Dilation > 1 {
		name += fmt.Sprintf(" d%d", c.Dilation)
	}
	if c.Groups > 1 {
		name += fmt.Sprintf(" g%d", c.Groups)
	}
	return name
}

// arithmetic is the convolution in numbers, checked.
func (c Conv) arithmetic(in []int) (geometry.Conv, Info, error) {
	a, err := c.slide().over(in, c.Out, c.Groups)
	if err != nil {
		return geometry.Conv{}, Info{}, err
	}
	info, err := convInfo(a, in[:len(in)-1], c.NoBias, c.Plan)
	return a, info, err
}

// over is a convolution with these windows over images of shape in.
func (s slide) over(in []int, out, groups int) (geometry.Conv, error) {
	spatial, channels, err := images(in)
	if err != nil {
		return geometry.Conv{}, err
	}
	windows, err := s.windows(spatial)
	return geometry.Conv{Windows: windows, In: channels, Out: out, Groups: orOne(groups)}, err
}

// convInfo is the Info of any convolution.
func convInfo(a geometry.Conv, spatial []int, noBias bool, plan Plan) (Info, error) {
	_, macs, err := a.Cost(spatial)
	if err != nil {
		return Info{}, err
	}
	out, err := geometry.Output(a.Windows, spatial)
	if err != nil {
		return Info{}, err
	}
	shape := a.KernelShape()
	fanIn := geometry.Volume(shape[:len(shape)-1])
	info := Info{Output: append(out, a.Out), Weights: weightsAndBias(noBias, fanIn, a.Out, shape...), MACs: macs, Window: slidings(a.Windows)}
	p, err := lowered(a, spatial, info, 1)
	if err != nil {
		return Info{}, err
	}
	return info, p.Check(plan)
}

// Check implements Layer.
func (c Conv) Check(in []int) (Info, error) {
	_, info, err := c.arithmetic(in)
	return info, err
}

// Build implements Layer.
func (c Conv) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	_, info := mustArithmetic(c, x)
	y := Convolve(x, variable(scope, x.Graph(), "weight", info.Weights[0].Shape...), c)
	return addBias(scope, y, c.NoBias)
}

// ONNX implements ONNXFormer.
func (c Conv) ONNX(g ONNXGraph, x string, in []int, weights []string) (string, error) {
	return convolutionNode(g, c, x, in, weights)
}

// convolution is any layer that is one convolution.
type convolution interface {
	Layer
	arithmetic(in []int) (geometry.Conv, Info, error)
}

// mustArithmetic panics, as graph building does, where Check returns an error.
func mustArithmetic(c convolution, x *graph.Node) (geometry.Conv, Info) {
	in := x.Shape().Dimensions[1:]
	a, info, err := c.arithmetic(in)
	if err != nil {
		panic(fmt.Errorf("cnnlib: %s: %w", nameOf(c, in), err))
	}
	return a, info
}

func addBias(scope *model.Scope, y *graph.Node, noBias bool) *graph.Node {
	if noBias {
		return y
	}
	out := y.Shape().Dimensions[y.Rank()-1]
	return graph.Add(y, lower.SpreadChannels(variable(scope, y.Graph(), "bias", out), y.Shape().Dimensions))
}

// Convolve is the plain operation on nodes: it slides kernel over x as c says;
// Out, Kernel and NoBias of c are not looked at. It panics, as graph building
// does, when the shapes do not fit.
//
// x: [batch, spatial..., in]; kernel: [spatial..., in/Groups, out] → [batch,
// spatial'..., out].
func Convolve(x, kernel *graph.Node, c Conv) *graph.Node {
	dims := kernelDims(x, kernel)
	axes := len(dims) - 2
	c = Conv{Out: dims[axes+1], Groups: c.Groups, Same: c.Same, Axes: c.slide().onKernel(dims[:axes]), Plan: c.Plan}
	a, info := mustArithmetic(c, x)
	mustShape(c, x, kernel, info)
	return lower.Convolve(x, kernel, lowerConv(a), c.Plan)
}

func kernelDims(x, kernel *graph.Node) []int {
	dims := kernel.Shape().Dimensions
	if len(dims) != x.Rank() || len(dims) < 3 {
		panic(fmt.Errorf("cnnlib: a kernel of shape %v for an input of shape %v: both need the same number of axes, at least 3", dims, x.Shape().Dimensions))
	}
	return dims
}

func mustShape(c convolution, x, kernel *graph.Node, info Info) {
	got, want := kernel.Shape().Dimensions, info.Weights[0].Shape
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			panic(fmt.Errorf("cnnlib: %s: input %v needs a kernel of shape %v, got %v", nameOf(c, x.Shape().Dimensions[1:]), x.Shape().Dimensions, want, got))
		}
	}
}

// lowered is the convolution with all its sizes, for batches of this size.
func lowered(a geometry.Conv, spatial []int, info Info, batch int) (lower.Problem, error) {
	x := append(append([]int{batch}, spatial...), a.In)
	kernel, out := info.Weights[0].Shape, info.Output[:len(spatial)]
	if a.Windows[0].Transposed {
		return lower.NewTransposed(x, kernel, lowerConv(a), out)
	}
	return lower.New(x, kernel, lowerConv(a))
}

func lowerConv(a geometry.Conv) lower.Conv {
	c := lower.Conv{Groups: a.Groups}
	for _, w := range a.Windows {
		c.Strides, c.Dilations = append(c.Strides, w.Stride), append(c.Dilations, w.Dilation)
		c.Pads = append(c.Pads, [2]int{w.PadBefore, w.PadAfter})
	}
	return c
}
