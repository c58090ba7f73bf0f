// Package lower turns convolutions into graph operations. A convolution, its
// input gradient and its kernel gradient are three linear maps of one
// geometry; each has several formulations, which stand in one table (table.go)
// and are tested against the definition. choose picks one by backend and
// shapes, a Plan can force one. A transposed convolution is the input gradient
// used forward.
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

// newProblem takes the sizes from x and kernel; it is an error if they do not
// fit.
func newProblem(xDims, kernelDims []int, c Conv) (*problem, error) {
	axes := len(xDims) - 2
	if axes < 1 || axes > 3 || len(kernelDims) != len(xDims) || len(c.Strides) != axes || len(c.Dilations) != axes || len(c.Pads) != axes {
		return nil, fmt.Errorf("input %v, kernel %v and %+v do not have the same 1 to 3 spatial axes", xDims, kernelDims, c)
	}
	p := &problem{Conv: c, batch: xDims[0], in: xDims[1 : axes+1], kernel: kernelDims[:axes],
		cin: xDims[axes+1], cout: kernelDims[axes+1]}
	if smallest := min(slices.Min(xDims), slices.Min(kernelDims)); smallest < 1 {
		return nil, fmt.Errorf("input %v and kernel %v: every size must be at least 1", xDims, kernelDims)
	}
	if c.Groups < 1 || p.cin%c.Groups != 0 || p.cout%c.Groups != 0 || kernelDims[axes] != p.perIn() {
		return nil, fmt.Errorf("input %v and kernel %v do not fit %d groups", xDims, kernelDims, c.Groups)
	}
	for i := range axes {
		room := p.in[i] + c.Pads[i][0] + c.Pads[i][1] - p.span(i)
		if room < 0 {
			return nil, fmt.Errorf("kernel %v does not fit input %v with %+v", kernelDims, xDims, c)
		}
		p.out = append(p.out, room/c.Strides[i]+1)
	}
	return p, nil
}

// newTransposed is the convolution that a transposed one is the transpose of.
// Output padding first uncovers what the padding after had cut; what lies
// beyond all stamps is zero.
func newTransposed(xDims, kernelDims []int, c Conv, spatial []int) (p *problem, beyond [][2]int, err error) {
	axes := len(xDims) - 2
	if len(kernelDims) != len(xDims) || len(spatial) != axes || len(c.Pads) != axes {
		return nil, nil, fmt.Errorf("transposed: input %v, kernel %v and output %v differ in their axes", xDims, kernelDims, spatial)
	}
	big := []int{xDims[0]}
	beyond = make([][2]int, axes)
	c.Pads = slices.Clone(c.Pads)
	for i := range axes {
		stamped := (xDims[i+1]-1)*c.Strides[i] + c.Dilations[i]*(kernelDims[i]-1) + 1
		left := stamped - c.Pads[i][0] - spatial[i] // what is cut at the end
		c.Pads[i][1], beyond[i][1] = max(left, 0), max(-left, 0)
		if big = append(big, spatial[i]-beyond[i][1]); big[i+1] < 1 {
			return nil, nil, fmt.Errorf("transposed: input %v and kernel %v with %+v stamp none of an output of %v", xDims, kernelDims, c, spatial)
		}
	}
	p, err = newProblem(append(big, kernelDims[axes]*c.Groups), kernelDims, c)
	if err != nil {
		return nil, nil, fmt.Errorf("transposed: %w", err)
	}
	if !slices.Equal(p.out, xDims[1:axes+1]) || p.cout != xDims[axes+1] {
		return nil, nil, fmt.Errorf("transposed: input %v and kernel %v do not give %v with %+v", xDims, kernelDims, spatial, c)
	}
	return p, beyond, nil
}

// Convolve slides kernel over x. Entries of plan that are "" are chosen; it
// panics, as graph building does, if the sizes do not fit or the plan does not
// apply. GoMLX's own gradient is not used: it is wrong for even kernels and for
// some strides, dilations and paddings, and refuses others.
func Convolve(x, kernel *graph.Node, c Conv, plan Plan) *graph.Node {
	problem, err := New(x.Shape().Dimensions, kernel.Shape().Dimensions, c)
	p, plan := problem.mustChoose(x, plan, err)
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
// → [batch, spatial..., out]. It panics as Convolve does.
func Transposed(x, kernel *graph.Node, c Conv, spatial []int, plan Plan) *graph.Node {
	problem, err := NewTransposed(x.Shape().Dimensions, kernel.Shape().Dimensions, c, spatial)
	p, plan := problem.mustChoose(x, plan, err)
	y := withGradient(p.inputGradient(plan.Forward, x, kernel), []*graph.Node{x, kernel}, func(i int, v *graph.Node) *graph.Node {
		if i == 0 {
			return p.forward(plan.Input, v, kernel)
		}
		return p.kernelGradient(plan.Kernel, v, x)
	})
	return Surround(y, problem.beyond, 0)
}

func (p Problem) mustChoose(x *graph.Node, plan Plan, err error) (*problem, Plan) {
	if err == nil {
		plan, err = p.chosen(platform(x), direct(x), plan)
	}
	if err != nil {
		panic(fmt.Errorf("lower: %w", err))
	}
	return p.p, plan
}
