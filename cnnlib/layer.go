// Package cnnlib describes convolutional networks as plain values on GoMLX.
//
// A network is layers in series, a Sequential, and in parallel, Branches; both
// are layers themselves and nest to any depth. From that one value come the
// checks, the summary, the graph, the receptive field, the names of the
// weights and the exported files:
//
//	net := cnnlib.Sequential{
//		cnnlib.Conv{Out: 16, Kernel: 3, Same: true}, cnnlib.ReLU{},
//		cnnlib.Residual(cnnlib.Conv{Out: 16, Kernel: 3, Same: true}, cnnlib.BatchNorm{}, cnnlib.ReLU{}),
//		cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 10},
//	}
//	summary, err := net.Summary([]int{32, 32, 3})
//	fmt.Println(summary)
//
// Package nets has well-known networks, train fits them, weights reads and
// writes PyTorch's and ONNX's files, convviz draws what is computed. Images are [batch, height,
// width, channels], kernels [height, width, in, out]; with 1 or 3 spatial axes
// likewise. Inside a graph the building functions panic as GoMLX does; every
// other function returns an error that names the layer by its path, such as "3.1.0".
//
// Anyone can write a layer: it needs the three methods of Layer. What else a
// layer can tell is a small interface each (Composite, Reacher, Spanner,
// Matrixer, Planned, Widener, ONNXFormer); where one is needed and missing, the
// error says which.
//
// A Model may predict in several goroutines at once. Nothing else of a Model
// may run beside anything that changes its weights.
package cnnlib

import (
	"fmt"

	"convlab/internal/geometry"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// Layer is one step of a network.
type Layer interface {
	// Name is the layer's kind with its size, such as "Conv 6@3x3".
	Name() string
	// Check tells what the layer does to one example of shape in, which is
	// [spatial..., channels] or [features], or why it cannot.
	Check(in []int) (Info, error)
	// Build adds the layer to the graph of x: [batch, in...]. Its variables
	// live in scope.
	Build(scope *model.Scope, x *graph.Node) *graph.Node
}

// Info is what a layer is and costs for one input shape.
type Info struct {
	Output  []int     // shape of one example after the layer
	Weights []Weight  // variables, in the order of PyTorch's state dict
	MACs    int64     // multiply-accumulates for one example
	Window  []Sliding // one per spatial axis, nil if the layer does not slide
	// Pointwise tells that each output number depends on the input number at
	// its place alone, as in an activation. Reach and receptive field of such
	// a layer are known without further methods.
	Pointwise bool
}

// Params is the number of trainable numbers.
func (i Info) Params() int64 {
	var total int64
	for _, w := range i.Weights {
		if !w.State {
			total += int64(geometry.Volume(w.Shape))
		}
	}
	return total
}

func variable(scope *model.Scope, g *graph.Graph, name string, dims ...int) *graph.Node {
	return scope.VariableWithShape(name, shapes.Make(dtypes.Float32, dims...)).NodeValue(g)
}

func perChannel(channels int) shapes.Shape { return shapes.Make(dtypes.Float32, channels) }

// images tells the spatial size and the channels of one example.
func images(in []int) (spatial []int, channels int, err error) {
	if len(in) < 2 || len(in) > 4 {
		return nil, 0, fmt.Errorf("needs images [height, width, channels], or with 1 or 3 spatial axes, got shape %v", in)
	}
	return in[:len(in)-1], in[len(in)-1], nil
}

func orOne(v int) int {
	if v == 0 {
		return 1
	}
	return v
}
