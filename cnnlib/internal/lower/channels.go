package lower

import (
	"convlab/internal/geometry"
	"convlab/internal/kernels/program"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// This file has the sums over all axes but the last. They are what bias and
// normalisation learn from. XLA on CPUs adds them up one channel after the other, in memory far apart.
// The same sum is a kernel gradient: of one tap, which for our kernels is one
// pass over memory. They need a vector of channels for that.

// SumByChannel is the sum of x over all axes but the last: [..., c] → [c]. It
// has no gradient of its own.
func SumByChannel(x *graph.Node) *graph.Node {
	p := pixels(x, 1)
	if !direct(x) || p.cout < program.FewestChannels {
		return overPositions(x)
	}
	ones := graph.Ones(x.Graph(), shapes.Make(x.DType(), p.xShape()...))
	return graph.Reshape(p.directKernelGradient(ones, graph.Reshape(x, p.yShape(p.cout)...)), p.cout)
}

// DotByChannel is the sum of a*b over all axes but the last: two [..., c] → [c].
// It has no gradient of its own.
func DotByChannel(a, b *graph.Node) *graph.Node {
	channels := a.Shape().Dim(-1)
	if !direct(a) || channels < program.FewestChannels {
		return overPositions(graph.Mul(a, b))
	}
	p := pixels(a, channels)
	p.Groups = channels
	return graph.Reshape(p.directKernelGradient(graph.Reshape(a, p.xShape()...), graph.Reshape(b, p.yShape(channels)...)), channels)
}

func overPositions(x *graph.Node) *graph.Node {
	axes := make([]int, x.Rank()-1)
	for i := range axes {
		axes[i] = i
	}
	return graph.ReduceSum(x, axes...)
}

// pixels is the convolution of one tap whose output has the shape of x, as
// rows of pixels: [batch, 1, pixels, channels].
func pixels(x *graph.Node, cin int) *problem {
	dims := x.Shape().Dimensions
	last := len(dims) - 1
	size := []int{1, geometry.Volume(dims[1:last])}
	return &problem{Conv: Conv{Strides: []int{1, 1}, Dilations: []int{1, 1}, Pads: make([][2]int, 2), Groups: 1},
		batch: dims[0], in: size, out: size, kernel: []int{1, 1}, cin: cin, cout: dims[last]}
}

// SpreadChannels gives every position of an array of these dimensions the
// values of v: [c] → [dims...], the last of which is c. Its gradient is
// SumByChannel.
func SpreadChannels(v *graph.Node, dims []int) *graph.Node {
	y := graph.BroadcastToDims(graph.ExpandLeftToRank(v, len(dims)), dims...)
	return withGradient(y, []*graph.Node{v}, func(_ int, adjoint *graph.Node) *graph.Node { return SumByChannel(adjoint) })
}

// Normalize brings every channel of x to mean 0 and variance 1, then scales and
// shifts it: x [..., c]; scale, shift [c] → y like x. mean and variance, [c]
// and without gradients, are those of x, the variance divided by the count.
//
// A mean far from 0 is itself only known to a part in ten million or worse, so
// what is left of it after it was subtracted is subtracted too.
func Normalize(x, scale, shift *graph.Node, epsilon float64) (y, mean, variance *graph.Node) {
	n := float64(x.Shape().Size() / x.Shape().Dim(-1))
	average := func(sum *graph.Node) *graph.Node { return graph.DivScalar(sum, n) }
	wide := func(v *graph.Node) *graph.Node { return graph.ExpandLeftToRank(v, x.Rank()) }
	mean = average(SumByChannel(x))
	rough := graph.Sub(x, wide(mean))
	rest := average(SumByChannel(rough))
	variance = graph.MaxScalar(graph.Sub(average(DotByChannel(rough, rough)), graph.Square(rest)), 0)
	inverse := graph.Reciprocal(graph.Sqrt(graph.AddScalar(variance, epsilon))) // of the deviation
	centred := graph.Sub(rough, wide(rest))
	y = graph.Add(graph.Mul(centred, wide(graph.Mul(scale, inverse))), wide(shift))

	var sum, dot *graph.Node // of the adjoint, and of it with centred
	y = withGradient(y, []*graph.Node{x, scale, shift}, func(i int, v *graph.Node) *graph.Node {
		if sum == nil {
			sum = SumByChannel(v)
			dot = graph.Sub(DotByChannel(v, rough), graph.Mul(rest, sum))
		}
		switch i {
		case 0:
			slope := graph.Mul(graph.Square(inverse), average(dot))
			left := graph.Sub(graph.Sub(v, wide(average(sum))), graph.Mul(centred, wide(slope)))
			return graph.Mul(left, wide(graph.Mul(scale, inverse)))
		case 1:
			return graph.Mul(dot, inverse)
		}
		return sum
	})
	return y, graph.StopGradient(graph.Add(mean, rest)), graph.StopGradient(variance)
}
