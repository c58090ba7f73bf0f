package lesson

import (
	"time"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/internal/geometry"
	"convlab/internal/median"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// TestPixels are the flat bytes of the first n images of CIFAR-10's test set.
func TestPixels(n int) []uint8 {
	test := data().Test
	if n < 1 || n > test.Len() {
		must(0, wrong("%d images: there are 1 to %d", "%d 张图像：应为 1 到 %d 张", n, test.Len()))
	}
	return test.Pixels[:n*cifar.Size*cifar.Size*cifar.Channels]
}

// Middle is the median of 21 runs in milliseconds, after one run that is not
// counted because it compiles.
func Middle(run func()) float64 {
	run()
	var took []time.Duration
	for range 21 {
		start := time.Now()
		run()
		took = append(took, time.Since(start))
	}
	return median.Of(took).Seconds() * 1000
}

// LayerTimes are the milliseconds that each layer of the model takes alone, on
// n examples of numbers.
func LayerTimes(m *cnnlib.Model, n int) []float64 {
	var times []float64
	for _, layer := range m.Root().Parts {
		exec := must(model.NewExec(m.Backend(), m.Store(), func(_ *model.Scope, x *graph.Node) *graph.Node {
			return graph.ReduceAllSum(layer.Layer.Build(m.Store().Scope(layer.Scope()), x))
		}))
		values := make([]float32, n*geometry.Volume(layer.In))
		for i := range values {
			values[i] = float32(i%97)/97 - 0.5
		}
		x := tensors.FromFlatDataAndDimensions(values, append([]int{n}, layer.In...)...)
		times = append(times, Middle(func() { must(tensors.CopyFlatData[float32](must(exec.Call1(x)))) }))
		exec.Finalize()
	}
	return times
}
