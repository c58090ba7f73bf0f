package cnnlib_test

import (
	"fmt"

	"convlab/cnnlib"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/gobackend"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func pureGo() compute.Backend { return must(gobackend.New("ops_sequential")) }

// slide convolves rows with kernel.
func slide(rows, kernel [][]float32, c cnnlib.Conv) [][]float32 {
	y := must(graph.CallOnce(pureGo(), func(x, k *graph.Node) *graph.Node { return cnnlib.Convolve(x, k, c) },
		must(cnnlib.ImageTensor(rows)), must(cnnlib.FilterTensor(kernel))))
	return must(cnnlib.FirstMap(y))
}

func show(rows [][]float32) {
	for _, row := range rows {
		fmt.Println(row)
	}
}

var band = [][]float32{{1, 1, 1, 0, 0}, {0, 1, 1, 1, 0}, {0, 0, 1, 1, 1}, {0, 0, 1, 1, 0}, {0, 1, 1, 0, 0}}

var oneToNine = [][]float32{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}

func firstChannels(n int) *tensors.Tensor {
	values := make([]float32, n)
	for i := range values {
		values[i] = float32(i)
	}
	return tensors.FromFlatDataAndDimensions(values, 1, n)
}

// layOn prints what a layer without weights makes of a row of pixels, an image
// with one channel.
func layOn(l cnnlib.Layer, row []float32) {
	y := must(graph.CallOnce(pureGo(), func(x *graph.Node) *graph.Node { return l.Build(nil, x) },
		tensors.FromFlatDataAndDimensions(row, 1, 1, len(row), 1)))
	fmt.Println(tensors.MustCopyFlatData[float32](y))
}

// layOnChannels prints what a layer without weights makes of one pixel with
// these channels.
func layOnChannels(l cnnlib.Layer, channels []float32) {
	y := must(model.CallOnce(pureGo(), model.NewStore(), l.Build, tensors.FromFlatDataAndDimensions(channels, 1, 1, len(channels))))
	fmt.Printf("%.2f\n", tensors.MustCopyFlatData[float32](y))
}
