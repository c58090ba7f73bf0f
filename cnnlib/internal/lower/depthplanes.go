package lower

import (
	"github.com/gomlx/gomlx/core/graph"
)

// XLA's fast convolution on CPUs has 2 axes. A 3D convolution is a 2D one for
// every output depth, whose input channels are those of all planes that the
// kernel meets there.

// plane is that 2D convolution, of batch·depth' images.
func (p *problem) plane() *problem {
	return &problem{Conv: Conv{Strides: p.Strides[1:], Dilations: p.Dilations[1:], Pads: p.Pads[1:], Groups: 1},
		batch: p.batch * p.out[0], in: p.in[1:], out: p.out[1:], kernel: p.kernel[1:], cin: p.kernel[0] * p.cin, cout: p.cout}
}

// planes: x [batch, depth, height, width, cin] → [batch·depth', height, width,
// kernelDepth·cin].
func (p *problem) planes(x *graph.Node) *graph.Node {
	x = padOrCrop(x, p.Pads[:1])
	parts := make([]*graph.Node, p.kernel[0])
	for t := range parts {
		start := t * p.Dilations[0]
		r := graph.AxisRange(start, start+(p.out[0]-1)*p.Strides[0]+1)
		if p.Strides[0] > 1 {
			r = r.Stride(p.Strides[0])
		}
		parts[t] = graph.SliceAxis(x, 1, r)
	}
	if len(parts) > 1 {
		x = graph.Concatenate(parts, -1)
	} else {
		x = parts[0]
	}
	dims := append([]int{p.batch * p.out[0]}, p.in[1:]...)
	return graph.Reshape(x, append(dims, p.kernel[0]*p.cin)...)
}

// flatKernel: [depth, height, width, cin, cout] → [height, width, depth·cin,
// cout].
func (p *problem) flatKernel(kernel *graph.Node) *graph.Node {
	n := p.axes()
	return graph.Reshape(graph.TransposeAllAxes(kernel, append(p.spatial()[1:], 0, n, n+1)...), p.plane().kernelShape()...)
}

func (p *problem) planesForward(x, kernel *graph.Node) *graph.Node {
	q := p.plane()
	y := q.forward(choose(platform(x), q).Forward, p.planes(x), p.flatKernel(kernel))
	return graph.Reshape(y, p.yShape(p.cout)...)
}

func (p *problem) planesKernelGradient(x, v *graph.Node) *graph.Node {
	q := p.plane()
	dk := q.kernelGradient(choose(platform(x), q).Kernel, p.planes(x), graph.Reshape(v, q.yShape(p.cout)...))
	n := p.axes()
	dk = graph.Reshape(dk, append(append([]int{}, p.kernel[1:]...), p.kernel[0], p.cin, p.cout)...)
	order := []int{n - 1}
	for i := range n - 1 {
		order = append(order, i)
	}
	return graph.TransposeAllAxes(dk, append(order, n, n+1)...)
}
