package lower

import (
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// Groups led back to convolutions without: groups with few channels are put
// together to blocks whose kernels are zero between the groups, and each block
// is a convolution of its own.

// blockChannels is how many channels a block should have: fewer keep the
// matrix products too small to be fast, more multiply too many zeros.
const blockChannels = 32

// blocks gives the convolution of one block, groups in it included, and the
// number of blocks.
func (p *problem) blocks() (one *problem, count int) {
	together := 1
	for together*2 <= p.Groups && p.Groups%(together*2) == 0 && p.perIn()*together < blockChannels {
		together *= 2
	}
	if p.perIn()*together < blockChannels && p.perIn()*p.Groups <= 2*blockChannels {
		together = p.Groups
	}
	d := *p
	d.Groups, d.cin, d.cout = together, p.perIn()*together, p.perOut()*together
	return &d, p.Groups / together
}

// ungrouped is the convolution of all channels with all.
func (p *problem) ungrouped() *problem {
	d := *p
	d.Groups = 1
	return &d
}

// sameGroup is k, [taps, groups, in/groups, groups, out/groups], where the two
// groups are the same and 0 elsewhere, whatever k is there.
func (p *problem) sameGroup(k *graph.Node) *graph.Node {
	s := shapes.Make(dtypes.Int32, k.Shape().Dimensions...)
	return graph.Where(graph.Equal(graph.Iota(k.Graph(), s, 1), graph.Iota(k.Graph(), s, 3)), k, graph.ZerosLike(k))
}

// blockDiagonal is the kernel of ungrouped that does what kernel does.
func (p *problem) blockDiagonal(kernel *graph.Node) *graph.Node {
	if p.dense() {
		return kernel
	}
	k := graph.Reshape(kernel, p.taps(), 1, p.perIn(), p.Groups, p.perOut())
	k = graph.BroadcastToDims(k, p.taps(), p.Groups, p.perIn(), p.Groups, p.perOut())
	return graph.Reshape(p.sameGroup(k), p.ungrouped().kernelShape()...)
}

// diagonal takes the blocks out of a kernel gradient of ungrouped.
func (p *problem) diagonal(dk *graph.Node) *graph.Node {
	if p.dense() {
		return dk
	}
	dk = graph.Reshape(dk, p.taps(), p.Groups, p.perIn(), p.Groups, p.perOut())
	return graph.Reshape(graph.ReduceSum(p.sameGroup(dk), 1), p.kernelShape()...)
}

// perBlock puts the results of f, for one block each, side by side. f gets the
// convolution of a block and the one it is led back to.
func (p *problem) perBlock(a, b *graph.Node, f func(one, dense *problem, a, b *graph.Node) *graph.Node) *graph.Node {
	one, count := p.blocks()
	dense := one.ungrouped()
	if count == 1 {
		return f(one, dense, a, b)
	}
	as, bs := graph.Split(a, -1, count), graph.Split(b, -1, count)
	parts := make([]*graph.Node, count)
	for i := range parts {
		parts[i] = f(one, dense, as[i], bs[i])
	}
	return graph.Concatenate(parts, -1)
}

func (p *problem) blocksForward(x, kernel *graph.Node) *graph.Node {
	return p.perBlock(x, kernel, func(one, dense *problem, x, k *graph.Node) *graph.Node {
		return dense.forward(choose(platform(x), dense).Forward, x, one.blockDiagonal(k))
	})
}

func (p *problem) blocksKernelGradient(x, v *graph.Node) *graph.Node {
	return p.perBlock(x, v, func(one, dense *problem, x, v *graph.Node) *graph.Node {
		return one.diagonal(dense.kernelGradient(choose(platform(x), dense).Kernel, x, v))
	})
}

func (p *problem) blocksInputGradient(v, kernel *graph.Node) *graph.Node {
	return p.perBlock(v, kernel, func(one, dense *problem, v, k *graph.Node) *graph.Node {
		return dense.inputGradient(choose(platform(v), dense).Input, v, one.blockDiagonal(k))
	})
}
