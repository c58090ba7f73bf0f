//go:build unix

package main

import (
	"convlab/cifar"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/layers/activation"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/loss"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// plain is network 3.2 as GoMLX's own layers, loss and optimiser give it.
type plain struct {
	images  images
	next    int
	step    *model.Exec
	forward *model.Exec
}

func newPlain(b compute.Backend, s images) (*plain, error) {
	store := model.NewStore()
	store.SetParam(model.ParamInitialSeed, int64(1))
	adam := optimizer.Adam().LearningRate(1e-3).Done()
	step, err := model.NewExec(b, store, func(scope *model.Scope, pixels, labels *graph.Node) *graph.Node {
		store.SetTraining(pixels.Graph(), true)
		logits := plainLogits(scope, pixels)
		mean := graph.ReduceAllMean(loss.SparseCategoricalCrossEntropyLogits(
			[]*graph.Node{graph.InsertAxes(labels, -1)}, []*graph.Node{logits}))
		adam.UpdateGraph(scope, pixels.Graph(), mean)
		return mean
	})
	if err != nil {
		return nil, err
	}
	forward, err := model.NewExec(b, store, plainLogits)
	return &plain{images: s, step: step, forward: forward}, err
}

func plainLogits(scope *model.Scope, pixels *graph.Node) *graph.Node {
	g := pixels.Graph()
	perChannel := func(v []float32) *graph.Node { return graph.ExpandLeftToRank(graph.Const(g, v), 4) }
	x := graph.DivScalar(graph.ConvertDType(pixels, dtypes.Float32), 255)
	x = graph.Div(graph.Sub(x, perChannel(cifar.Mean[:])), perChannel(cifar.Std[:]))
	for i, channels := range []int{32, 128} {
		at := scope.In("conv%d", i)
		x = layers.Convolution(at, x).Channels(channels).KernelSize(3).NoPadding().Done()
		x = graph.MaxPool(activation.Relu(x)).Window(2).Done()
		x = layers.DropoutStatic(at, x, 0.25)
	}
	x = graph.Reshape(x, x.Shape().Dimensions[0], -1)
	for i, units := range []int{2048, 1024} {
		at := scope.In("dense%d", i)
		x = layers.DropoutStatic(at, activation.Relu(layers.DenseWithBias(at, x, units)), 0.5)
	}
	return layers.DenseWithBias(scope.In("out"), x, 10)
}

func (p *plain) train(steps int) (loss float64, err error) {
	for range steps {
		pixels, labels := p.images.batch(p.next, p.images.trainSize)
		p.next++
		x, y := tensors.FromFlatDataAndDimensions(pixels, p.images.trainSize, 32, 32, 3), tensors.FromFlatDataAndDimensions(labels, p.images.trainSize)
		l, err := p.step.Call1(x, y)
		if err != nil {
			return 0, err
		}
		loss = float64(tensors.ToScalar[float32](l))
		if err := free(x, y, l); err != nil {
			return 0, err
		}
	}
	return loss, nil
}

func (p *plain) infer(pixels []uint8, n int) error {
	x := tensors.FromFlatDataAndDimensions(pixels, n, 32, 32, 3)
	logits, err := p.forward.Call1(x)
	if err != nil {
		return err
	}
	if _, err := tensors.CopyFlatData[float32](logits); err != nil {
		return err
	}
	return free(x, logits)
}

func free(all ...*tensors.Tensor) error {
	for _, t := range all {
		if err := t.FinalizeAll(); err != nil {
			return err
		}
	}
	return nil
}
