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

var (
	forwards = []string{Native, Im2col, Shifted, Elementwise, Planes, Blocks}
	inputs   = []string{Native, Phases, Merged, Blocks}
	kernels  = append(slices.Clone(forwards), Swapped, Parts, Rows)
)

// Check is an error if a name of the plan is not a formulation of its map;
// transposed is for Transposed, in whose plan Forward and Input have changed
// places.
func (p Plan) Check(transposed bool) error {
	forwards, inputs := forwards, inputs
	if transposed {
		forwards, inputs = inputs, forwards
	}
	return cmp.Or(
		known("plan: forward", p.Forward, forwards),
		known("plan: input gradient", p.Input, inputs),
		known("plan: kernel gradient", p.Kernel, kernels))
}

func known(what, name string, names []string) error {
	if name == "" || slices.Contains(names, name) {
		return nil
	}
	return fmt.Errorf("%s: there is no formulation %q; there are %s", what, name, strings.Join(names, ", "))
}

// String is the plan as "forward/input gradient/kernel gradient".
func (p Plan) String() string { return p.Forward + "/" + p.Input + "/" + p.Kernel }

// ParsePlan reads what String writes; parts may be empty or left out.
func ParsePlan(text string) (Plan, error) {
	parts := append(strings.Split(text, "/"), "", "")
	if len(parts) > 5 {
		return Plan{}, fmt.Errorf("plan %q: want FORWARD/INPUT/KERNEL", text)
	}
	return Plan{parts[0], parts[1], parts[2]}, nil
}

// swapped is the plan of the convolution that a transposed one is led back to.
func (p Plan) swapped() Plan { return Plan{p.Input, p.Forward, p.Kernel} }

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

// ChosenTransposed is the plan for Transposed.
func ChosenTransposed(b compute.Backend, xDims, kernelDims []int, c Conv, spatial []int, plan Plan) Plan {
	p, _ := newTransposed(xDims, kernelDims, c, spatial)
	return plan.or(choose(platformOf(b), p).swapped())
}

// Formulations lists, for each map of this convolution, the formulations that
// differ there; transposed as in Plan.Check.
func Formulations(kernelDims []int, c Conv, transposed bool) (forward, input, kernel []string) {
	n := len(c.Strides)
	perIn, strided, dense := kernelDims[n], slices.Max(c.Strides) > 1, c.Groups == 1
	forward, input = []string{Native, Im2col, Shifted}, []string{Native, Phases}
	if dense && n > 1 {
		forward = append(forward, Planes)
	}
	if !dense {
		forward, input = append(forward, Blocks), append(input, Blocks)
	}
	if perIn <= 4 { // an operation for each
		forward = append(forward, Elementwise)
	}
	if dense && strided && slices.Max(c.Dilations) == 1 {
		input = append(input, Merged)
	}
	kernel = slices.Clone(forward)
	if dense {
		kernel = append(kernel, Parts, Rows)
	}
	if dense && !strided {
		kernel = append(kernel, Swapped)
	}
	if transposed {
		forward, input = input, forward
	}
	return forward, input, kernel
}

// uneven tells whether the phases of the strides have different numbers of
// taps.
func (p *problem) uneven() bool {
	for i, s := range p.Strides {
		if p.kernel[i]%s != 0 {
			return true
		}
	}
	return false
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
	case p.strided() && p.uneven() && min(p.cin, p.cout) >= 128:
		// Products so large that more of them cost less than Merged's zeros.
		return Plan{Native, Phases, Parts}
	case p.strided():
		return Plan{Native, Merged, Parts}
	}
	return Plan{Native, Native, Parts}
}
