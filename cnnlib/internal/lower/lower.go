// Package lower turns convolutions into graph operations. A convolution, its
// input gradient and its kernel gradient are three linear maps of one
// geometry; each has several formulations, tested against the definition, and
// Choose picks one by backend and shapes. A transposed convolution is the
// input gradient used forward.
//
// x: [batch, spatial..., in]; kernel: [spatial..., in/groups, out];
// y: [batch, spatial'..., out]; 1 to 3 spatial axes.
package lower

import (
	"fmt"
	"slices"

	"convlab/internal/geometry"

	"github.com/gomlx/gomlx/core/graph"
)

// Conv says how the kernel slides: one value per spatial axis. All values have
// been checked.
type Conv struct {
	Strides, Dilations []int
	Pads               [][2]int // zeros before and after
	Groups             int
}

// problem is a convolution with all its sizes.
type problem struct {
	Conv
	batch           int
	in, out, kernel []int // spatial sizes
	cin, cout       int   // channels
}

func (p *problem) axes() int     { return len(p.in) }
func (p *problem) perIn() int    { return p.cin / p.Groups }
func (p *problem) perOut() int   { return p.cout / p.Groups }
func (p *problem) taps() int     { return geometry.Volume(p.kernel) }
func (p *problem) dense() bool   { return p.Groups == 1 }
func (p *problem) strided() bool { return slices.Max(p.Strides) > 1 }

func (p *problem) span(axis int) int { return p.Dilations[axis]*(p.kernel[axis]-1) + 1 }

// newProblem takes the sizes from x and kernel; it panics, as graph building
// does, when they do not fit.
func newProblem(xDims, kernelDims []int, c Conv) *problem {
	axes := len(xDims) - 2
	if axes < 1 || axes > 3 || len(kernelDims) != len(xDims) || len(c.Strides) != axes || len(c.Dilations) != axes || len(c.Pads) != axes {
		panic(fmt.Errorf("lower: input %v, kernel %v and %+v do not have the same 1 to 3 spatial axes", xDims, kernelDims, c))
	}
	p := &problem{Conv: c, batch: xDims[0], in: xDims[1 : axes+1], kernel: kernelDims[:axes],
		cin: xDims[axes+1], cout: kernelDims[axes+1]}
	if c.Groups < 1 || p.cin%c.Groups != 0 || p.cout%c.Groups != 0 || kernelDims[axes] != p.perIn() {
		panic(fmt.Errorf("lower: input %v and kernel %v do not fit %d groups", xDims, kernelDims, c.Groups))
	}
	for i := range axes {
		room := p.in[i] + c.Pads[i][0] + c.Pads[i][1] - p.span(i)
		if room < 0 {
			panic(fmt.Errorf("lower: kernel %v does not fit input %v with %+v", kernelDims, xDims, c))
		}
		p.out = append(p.out, room/c.Strides[i]+1)
	}
	return p
}

// Convolve slides kernel over x. Entries of plan that are "" are chosen.
// GoMLX's own gradient is not used: it is wrong for even kernels and for some
// strides, dilations and paddings, and refuses others.
func Convolve(x, kernel *graph.Node, c Conv, plan Plan) *graph.Node {
	p := newProblem(x.Shape().Dimensions, kernel.Shape().Dimensions, c)
	plan = plan.or(choose(platform(x), p))
	return withGradient(p.forward(plan.Forward, x, kernel), []*graph.Node{x, kernel}, func(i int, v *graph.Node) *graph.Node {
		if i == 0 {
			return p.inputGradient(plan.Input, v, kernel)
		}
		return p.kernelGradient(plan.Kernel, x, v)
	})
}

// Transposed is the transpose of the convolution with this kernel: the input
// gradient of Convolve used forward. x has the shape of that convolution's
// output; spatial is the size of the result, which may be larger than what was
// stamped. kernel: [spatial..., out/groups, in] for x: [batch, spatial..., in]
// → [batch, spatial..., out].
func Transposed(x, kernel *graph.Node, c Conv, spatial []int, plan Plan) *graph.Node {
	p, beyond := newTransposed(x.Shape().Dimensions, kernel.Shape().Dimensions, c, spatial)
	plan = plan.swapped().or(choose(platform(x), p))
	y := withGradient(p.inputGradient(plan.Input, x, kernel), []*graph.Node{x, kernel}, func(i int, v *graph.Node) *graph.Node {
		if i == 0 {
			return p.forward(plan.Forward, v, kernel)
		}
		return p.kernelGradient(plan.Kernel, v, x)
	})
	return Surround(y, beyond, 0)
}

// newTransposed is the convolution that a transposed one is the transpose of.
// Output padding first uncovers what the padding after had cut; what lies
// beyond all stamps is zero.
func newTransposed(xDims, kernelDims []int, c Conv, spatial []int) (p *problem, beyond [][2]int) {
	axes := len(xDims) - 2
	if len(kernelDims) != len(xDims) || len(spatial) != axes || len(c.Pads) != axes {
		panic(fmt.Errorf("lower: transposed: input %v, kernel %v and output %v differ in their axes", xDims, kernelDims, spatial))
	}
	big := []int{xDims[0]}
	beyond = make([][2]int, axes)
	c.Pads = slices.Clone(c.Pads)
	for i := range axes {
		stamped := (xDims[i+1]-1)*c.Strides[i] + c.Dilations[i]*(kernelDims[i]-1) + 1
		left := stamped - c.Pads[i][0] - spatial[i] // what is cut at the end
		c.Pads[i][1], beyond[i][1] = max(left, 0), max(-left, 0)
		big = append(big, spatial[i]-beyond[i][1])
	}
	p = newProblem(append(big, kernelDims[axes]*c.Groups), kernelDims, c)
	if !slices.Equal(p.out, xDims[1:axes+1]) || p.cout != xDims[axes+1] {
		panic(fmt.Errorf("lower: transposed: input %v and kernel %v do not give %v with %+v", xDims, kernelDims, spatial, c))
	}
	return p, beyond
}
