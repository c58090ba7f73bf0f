package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// bottleneck is a layer that is made of others: it squeezes the channels,
// convolves, and widens them again.
type bottleneck struct{ Squeezed, Out int }

func (b bottleneck) Name() string { return fmt.Sprintf("Bottleneck %d", b.Out) }

func (b bottleneck) Parts([]int) (cnnlib.Parts, error) {
	return cnnlib.Parts{Layers: []cnnlib.Part{
		{Path: "reduce", Name: "conv1", Layer: cnnlib.Conv{Out: b.Squeezed, Kernel: 1}},
		{Path: "look", Name: "conv2", Layer: cnnlib.Conv{Out: b.Squeezed, Kernel: 3, Same: true}},
		{Path: "expand", Name: "conv3", Layer: cnnlib.Conv{Out: b.Out, Kernel: 1}},
	}}, nil
}

func (b bottleneck) Check(in []int) (cnnlib.Info, error) { return cnnlib.CheckParts(b, in) }

func (b bottleneck) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	return cnnlib.BuildParts(b, scope, x)
}

// Everything that is known of its parts holds for it: paths, names of weights
// in PyTorch, costs, the receptive field.
func ExampleComposite() {
	net := cnnlib.Sequential{cnnlib.Named("stem", cnnlib.Conv{Out: 64, Kernel: 3, Same: true}), cnnlib.Named("block", bottleneck{16, 64})}
	in := []int{8, 8, 3}
	for _, step := range must(cnnlib.Resolve(net, in)).Steps() {
		fmt.Println(step.Path, step.Name, step.Title(), step.Info.Params())
	}
	fmt.Println(must(net.ReceptiveField(in, "1"))[0].Size)
	_, err := cnnlib.Sequential{bottleneck{0, 64}}.Check(in)
	fmt.Println(err)
	// Output:
	// 0 stem Conv 64@3x3 1792
	// 1.reduce block.conv1 Conv 16@1x1 1040
	// 1.look block.conv2 Conv 16@3x3 2320
	// 1.expand block.conv3 Conv 64@1x1 1088
	// 5
	// cnnlib: layer 0.reduce (Conv 0@1x1): needs at least 1 output channel, got 0
}
