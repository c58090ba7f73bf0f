package lower

import (
	"strings"

	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
)

// Formulations. Forward and kernel gradient have the first four, the input
// gradient has Native, Phases and Merged.
const (
	Native      = "native"      // the backend's own convolution
	Im2col      = "im2col"      // all reads side by side, one product (one per group)
	Shifted     = "shifted"     // one product per tap over a shifted input
	Elementwise = "elementwise" // one multiply-add per tap over a shifted input
	Phases      = "phases"      // one stride-1 convolution per phase of the strides
	Merged      = "merged"      // the phases as channels of one stride-1 convolution
)

// Plan names the formulation of each of the three maps; "" leaves it to the
// chooser.
type Plan struct {
	Forward, Input, Kernel string
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

func platform(x *graph.Node) string {
	b := x.Graph().Backend()
	if b.Name() != "xla" {
		return goPlatform
	}
	if strings.HasPrefix(b.Description(), "xla:cpu") || strings.Contains(b.Description(), "pjrt_c_api_cpu") {
		return cpuPlatform
	}
	return gpuPlatform
}

func zeroShape(like *graph.Node, dims []int) shapes.Shape { return shapes.Make(like.DType(), dims...) }

// choose picks what was fastest where it was measured (tests/bench).
func choose(platform string, p *problem) Plan {
	plan := Plan{Native, Native, Native}
	few := p.Groups > 1 && p.perIn()*p.perOut() <= 4
	switch {
	case few:
		plan = Plan{Elementwise, Phases, Elementwise}
	case platform == gpuPlatform:
	case !p.dense():
		plan = Plan{Im2col, Phases, Im2col}
	case platform == goPlatform:
		plan = Plan{Im2col, Phases, Im2col}
	}
	return plan
}
