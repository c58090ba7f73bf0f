// Command convnets trains three small networks on CIFAR-10 for an epoch, one
// for each kind of convolution that GoMLX could not train: depthwise separable,
// grouped and shuffled, transposed (an autoencoder). It prints the loss as it
// falls.
//
//	go run ./tests/bench/convnets DATA-FOLDER
package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

type network struct {
	name    string
	layers  cnnlib.Sequential
	rebuild bool // learns to give back the image, not its class
}

func networks() []network {
	return []network{
		{name: "separable", layers: cnnlib.Sequential{
			cnnlib.Conv{Out: 32, Kernel: 3, Same: true, NoBias: true}, cnnlib.BatchNorm{}, cnnlib.ReLU{},
			cnnlib.SeparableConv{Out: 64, Kernel: 3, Stride: 2, Padding: 1, NoBias: true}, cnnlib.BatchNorm{}, cnnlib.ReLU{},
			cnnlib.SeparableConv{Out: 128, Kernel: 3, Stride: 2, Padding: 1, NoBias: true}, cnnlib.BatchNorm{}, cnnlib.ReLU{},
			cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 10},
		}},
		{name: "shuffled", layers: cnnlib.Sequential{
			cnnlib.Conv{Out: 24, Kernel: 3, Same: true, NoBias: true}, cnnlib.BatchNorm{}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2},
			cnnlib.ShuffledConv{Out: 48, Kernel: 3, Same: true, Groups: 4, NoBias: true}, cnnlib.BatchNorm{}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2},
			cnnlib.ShuffledConv{Out: 96, Kernel: 3, Same: true, Groups: 4, NoBias: true}, cnnlib.BatchNorm{}, cnnlib.ReLU{},
			cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 10},
		}},
		{name: "autoencoder", rebuild: true, layers: cnnlib.Sequential{
			cnnlib.Conv{Out: 16, Kernel: 3, Stride: 2, Padding: 1}, cnnlib.ReLU{},
			cnnlib.Conv{Out: 32, Kernel: 3, Stride: 2, Padding: 1}, cnnlib.ReLU{},
			cnnlib.TransposedConv{Out: 16, Kernel: 4, Stride: 2, Padding: 1}, cnnlib.ReLU{},
			cnnlib.TransposedConv{Out: 3, Kernel: 4, Stride: 2, Padding: 1},
		}},
	}
}

const batchSize = 128

// train makes steps over images in a fixed order and gives the loss of each.
func train(b compute.Backend, n network, images *cifar.Images, steps int) ([]float64, error) {
	m, err := cnnlib.New(b, n.layers, nets.CIFARInput(), cnnlib.Options{Seed: 1, Mean: cifar.Mean[:], Std: cifar.Std[:]})
	if err != nil {
		return nil, err
	}
	adam := optimizer.Adam().Epsilon(1e-8).LearningRate(1e-3).Done()
	exec, err := model.NewExec(b, m.Store(), func(scope *model.Scope, pixels, labels *graph.Node) *graph.Node {
		scope.Store().SetTraining(pixels.Graph(), true)
		y := m.Logits(pixels)
		var loss *graph.Node
		if n.rebuild {
			target := graph.DivScalar(graph.ConvertDType(pixels, dtypes.Float32), 255)
			loss = graph.ReduceAllMean(graph.Square(graph.Sub(y, target)))
		} else {
			truth := graph.OneHot(labels, 10, dtypes.Float32)
			loss = graph.Neg(graph.ReduceAllMean(graph.ReduceSum(graph.Mul(graph.LogSoftmax(y), truth), -1)))
		}
		adam.UpdateGraph(scope, pixels.Graph(), loss)
		return loss
	})
	if err != nil {
		return nil, err
	}
	defer exec.Finalize()
	order := cifar.Order(images.Len(), 1, 1)
	var losses []float64
	for step := range min(steps, len(order)/batchSize) {
		var pixels []uint8
		var labels []int32
		for _, i := range order[step*batchSize : (step+1)*batchSize] {
			p, l := images.Example(i)
			pixels, labels = append(pixels, p...), append(labels, int32(l))
		}
		loss, err := exec.Call1(tensors.FromFlatDataAndDimensions(pixels, batchSize, 32, 32, 3), labels)
		if err != nil {
			return losses, err
		}
		losses = append(losses, float64(tensors.ToScalar[float32](loss)))
	}
	return losses, nil
}

func mean(v []float64) float64 {
	sum := 0.0
	for _, x := range v {
		sum += x
	}
	return sum / float64(len(v))
}

func run(dir string) error {
	data, err := cifar.Open(context.Background(), dir)
	if err != nil {
		return err
	}
	choice, err := cnnlib.OpenBackend()
	if err != nil {
		return err
	}
	fmt.Println(choice)
	for _, n := range networks() {
		summary, err := n.layers.Summary(nets.CIFARInput())
		if err != nil {
			return err
		}
		start := time.Now()
		losses, err := train(choice.Backend, n, data.Train, 1<<30)
		if err != nil {
			return fmt.Errorf("%s: %w", n.name, err)
		}
		fmt.Printf("%s: %d params, one epoch in %.0f s; mean loss of 39 steps each:", n.name, summary.Params, time.Since(start).Seconds())
		for i := 0; i+39 <= len(losses); i += 39 {
			fmt.Printf(" %.4f", mean(losses[i:i+39]))
		}
		fmt.Println()
	}
	return nil
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: convnets DATA-FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
