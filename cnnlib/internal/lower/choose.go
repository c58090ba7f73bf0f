package lower

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// Formulations. Forward and kernel gradient have Native, Im2col, Shifted,
// Elementwise, Planes and Blocks, the kernel gradient Swapped, Parts and Rows too; the input
// gradient has Native, Phases, Merged and Blocks.
const (
	Native      = "native"      // the backend's own convolution
	Im2col      = "im2col"      // all reads side by side, one product (one per group)
	Rows        = "rows"        // one product per row of taps, kernel gradient only
	Shifted     = "shifted"     // one product per tap over a shifted input
	Elementwise = "elementwise" // one multiply-add per tap over a shifted input
	Planes      = "planes"      // a 3D convolution as 2D ones whose channels are those of several planes
	Swapped     = "swapped"     // kernel gradient: the output's gradient slides over the input
	Parts       = "parts"       // kernel gradient: a sum over parts of the batch
	Phases      = "phases"      // one stride-1 convolution per phase of the strides
	Merged      = "merged"      // the phases as channels of one stride-1 convolution
	Blocks      = "blocks"      // groups as separate convolutions, small ones together with zeros between
)

// Plan names the formulation of each of the three maps; "" leaves it to the
// chooser.
type Plan struct {
	Forward, Input, Kernel string
}

// Check is an error if a name of the plan is not a formulation of its map.
func (p Plan) Check() error {
	forward := []string{"", Native, Im2col, Shifted, Elementwise, Planes, Blocks}
	return cmp.Or(
		known("plan: forward", p.Forward, forward),
		known("plan: input gradient", p.Input, []string{"", Native, Phases, Merged, Blocks}),
		known("plan: kernel gradient", p.Kernel, append(forward, Swapped, Parts, Rows)))
}

func known(what, name string, names []string) error {
	if slices.Contains(names, name) {
		return nil
	}
	return fmt.Errorf("%s: there is no formulation %q; there are %s", what, name, strings.Join(names[1:], ", "))
}

func (p Plan) or(chosen Plan) Plan {
	if p.Forward != "" {
		chosen.Forward = p.Forward
	}
	if p.Input != "" {
		chosen.Input = p.Input
	}
	if p.Kernel != "" {
		chosen.Kernel = p.Kernel
	}
	return chosen
}

// Platforms that are chosen for.
const (
	goPlatform  = "go"
	cpuPlatform = "xla:cpu"
	gpuPlatform = "xla:gpu"
)

func platformOf(b compute.Backend) string {
	switch {
	case b.Name() != "xla":
		return goPlatform
	case strings.Contains(strings.ToLower(b.Description()), "cuda"):
		return gpuPlatform
	}
	return cpuPlatform
}

func platform(x *graph.Node) string { return platformOf(x.Graph().Backend()) }

func zeroShape(like *graph.Node, dims []int) shapes.Shape { return shapes.Make(like.DType(), dims...) }

// Chosen is the plan for Convolve on b with these shapes.
func Chosen(b compute.Backend, xDims, kernelDims []int, c Conv, plan Plan) Plan {
	return plan.or(choose(platformOf(b), newProblem(xDims, kernelDims, c)))
}

// ChosenTransposed is the plan for Transposed: Input is its forward map.
func ChosenTransposed(b compute.Backend, xDims, kernelDims []int, c Conv, spatial []int, plan Plan) Plan {
	p, _ := newTransposed(xDims, kernelDims, c, spatial)
	return plan.or(choose(platformOf(b), p))
}

// choose picks what was fastest where it was measured (BenchmarkMaps).
func choose(platform string, p *problem) Plan {
	single := p.taps() == 1 // a matrix product per pixel, with nothing to lay out
	switch {
	case p.Groups > 1 && p.perIn()*p.perOut() <= 4:
		return Plan{Elementwise, Phases, Elementwise}
	case platform == goPlatform:
		// Its own convolution is a plain loop; its products use SIMD.
		return Plan{Im2col, Phases, Im2col}
	case platform == gpuPlatform && !p.dense():
		// The native kernel gradient would be one convolution per group.
		return Plan{Native, Native, Blocks}
	case platform == gpuPlatform:
		return Plan{Native, Native, Native}
	case !p.dense():
		return Plan{Blocks, Blocks, Blocks}
	case single:
		return Plan{Im2col, Phases, Im2col}
	case p.axes() == 3:
		return Plan{Planes, Merged, Planes}
	case p.strided():
		return Plan{Native, Merged, Parts}
	case p.cout >= 4*p.cin:
		return Plan{Native, Native, Rows}
	}
	return Plan{Native, Native, Parts}
}
