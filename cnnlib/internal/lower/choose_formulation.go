package lower

import (
	"strings"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
)

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

// choose picks what was fastest where it was measured (BenchmarkMaps), of what
// applies.
func choose(platform string, p *problem) Plan {
	single := p.taps() == 1 // a matrix product per pixel, with nothing to lay out
	merged := Merged
	if _, err := p.way(inputMap, Merged); err != nil {
		merged = Phases
	}
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
		return Plan{Planes, merged, Planes}
	case p.strided() && p.uneven() && min(p.cin, p.cout) >= 128:
		// Products so large that more of them cost less than Merged's zeros.
		return Plan{Native, Phases, Parts}
	case p.strided():
		return Plan{Native, merged, Parts}
	}
	return Plan{Native, Native, Parts}
}

// chooseDirect is choose where our kernels are in use.
func chooseDirect(p *problem) Plan {
	return Plan{Direct, Direct, Direct}
}
