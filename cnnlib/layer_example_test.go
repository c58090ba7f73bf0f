package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// square is a layer of one's own: its three methods are all that it needs.
type square struct{}

func (square) Name() string { return "Square" }

func (square) Check(in []int) (cnnlib.Info, error) {
	return cnnlib.Info{Output: in, Pointwise: true}, nil
}

func (square) Build(_ *model.Scope, x *graph.Node) *graph.Node { return graph.Square(x) }

// It stands in a network, its summary and its receptive field as any other
// layer does.
func ExampleLayer() {
	net := cnnlib.Sequential{cnnlib.Conv{Out: 4, Kernel: 3}, square{}, cnnlib.MaxPool{Size: 2}, cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 2}}
	for _, row := range must(net.Summary([]int{32, 32, 3})).Rows {
		fmt.Println(row.Path, row.Layer, row.Output, row.ReceptiveField)
	}
	layOn(square{}, []float32{1, -2, 3})
	// Output:
	// 0 Conv 4@3x3 [30 30 4] 3
	// 1 Square [30 30 4] 3
	// 2 MaxPool 2x2 [15 15 4] 4
	// 3 GlobalAvgPool [4] 0
	// 4 Dense 2 [2] 0
	// [1 4 9]
}
