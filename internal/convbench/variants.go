// Package convbench times convolution layers: for `convlab bench conv`, which
// compares the ways to compute one, and for tests/bench/conv, which compares
// them with PyTorch.
//
//	l, err := convbench.Layer("depthwise", 64, cnnlib.Plan{})
//	p, err := convbench.New(backend, l, []int{32, 56, 56, 64}, true)
//	wall, cpu, err := p.Run(10)
package convbench

import (
	"fmt"
	"strings"

	"convlab/cnnlib"
)

// Variants are the names of convolutions that Layer knows.
var Variants = []string{"standard", "strided", "1x1", "transposed", "transposed4", "dilated", "spatial", "depthwise", "separable",
	"flattened", "grouped", "shuffled", "doubled"}

// Layer is a variant from and to this many channels, doubled to twice as many,
// with 3x3 kernels but for 1x1 and transposed4; or "dense", the first dense layer of network 3.2, to 2048
// features. bench.py in tests/bench/conv has the same list.
func Layer(variant string, channels int, plan cnnlib.Plan) (cnnlib.Layer, error) {
	switch variant {
	case "standard":
		return cnnlib.Conv{Out: channels, Kernel: 3, Padding: 1, Plan: plan}, nil
	case "strided":
		return cnnlib.Conv{Out: channels, Kernel: 3, Padding: 1, Stride: 2, Plan: plan}, nil
	case "1x1":
		return cnnlib.Conv{Out: channels, Kernel: 1, Plan: plan}, nil
	case "transposed":
		return cnnlib.TransposedConv{Out: channels, Kernel: 3, Stride: 2, Padding: 1, OutputPadding: 1, Plan: plan}, nil
	case "transposed4":
		return cnnlib.TransposedConv{Out: channels, Kernel: 4, Stride: 2, Padding: 1, Plan: plan}, nil
	case "dilated":
		return cnnlib.Conv{Out: channels, Kernel: 3, Padding: 2, Dilation: 2, Plan: plan}, nil
	case "spatial":
		return cnnlib.SpatialConv{Out: channels, Kernel: 3, Same: true, Plan: plan}, nil
	case "depthwise":
		return cnnlib.DepthwiseConv{Kernel: 3, Padding: 1, Plan: plan}, nil
	case "separable":
		return cnnlib.SeparableConv{Out: channels, Kernel: 3, Padding: 1, Plan: plan}, nil
	case "flattened":
		return cnnlib.FlattenedConv{Out: channels, Kernel: 3, Same: true, Plan: plan}, nil
	case "grouped":
		return cnnlib.Conv{Out: channels, Kernel: 3, Padding: 1, Groups: 4, Plan: plan}, nil
	case "doubled":
		return cnnlib.Conv{Out: 2 * channels, Kernel: 3, Padding: 1, Plan: plan}, nil
	case "dense":
		return cnnlib.Dense{Out: 2048}, nil
	case "shuffled":
		return cnnlib.ShuffledConv{Out: channels, Kernel: 3, Padding: 1, Groups: 4, Plan: plan}, nil
	}
	return nil, fmt.Errorf("there is no convolution %q; there are %s", variant, strings.Join(Variants, ", "))
}
