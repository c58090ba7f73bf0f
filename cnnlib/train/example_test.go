package train_test

import (
	"context"
	"fmt"
	"os"

	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/internal/labdir"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/gobackend"
	"github.com/gomlx/gomlx/core/graph"
)

// stripes are 8x8 images of a bright row (class 0) or column (class 1).
type stripes int

func (s stripes) Len() int { return int(s) }

func (s stripes) Example(i int) (pixels []uint8, label uint8) {
	pixels = make([]uint8, 64)
	for k := range 8 {
		if i%2 == 0 {
			pixels[8*(i/2%8)+k] = 255
		} else {
			pixels[8*k+i/2%8] = 255
		}
	}
	return pixels, uint8(i % 2)
}

// frames have a map for each image: which pixels are bright.
type frames struct{ stripes }

func (f frames) Target() train.Target { return train.Target{Kind: train.Labels, Shape: []int{8, 8}} }

func (f frames) Pair(i, epoch int) (pixels []uint8, target []uint8) {
	pixels, _ = f.Example(i)
	target = make([]uint8, 64)
	for k, v := range pixels {
		target[k] = v / 255
	}
	return pixels, target
}

func backend() compute.Backend {
	b, err := gobackend.New(labdir.GoOptions)
	if err != nil {
		panic(err)
	}
	return b
}

func model(net ...cnnlib.Layer) *cnnlib.Model {
	m, err := cnnlib.New(backend(), net, []int{8, 8, 1}, cnnlib.Options{Seed: 1})
	if err != nil {
		panic(err)
	}
	return m
}

// A network that names classes.
func Example() {
	m := model(cnnlib.Conv{Out: 8, Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2}, cnnlib.Flatten{}, cnnlib.Dense{Out: 2})
	history, err := train.Fit(context.Background(), m, stripes(64), train.Config{Epochs: 40, BatchSize: 16, LearningRate: 1e-2, Valid: stripes(16)})
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := train.Evaluate(context.Background(), m, stripes(16), 16)
	fmt.Println(len(history), "epochs, accuracy", result.Accuracy, err)
	fmt.Println(result.Confusion)
	// Output:
	// 40 epochs, accuracy 1 <nil>
	// [[8 0] [0 8]]
}

// Stopped and gone on with: the second call finds the checkpoint of the first.
func ExampleFit() {
	dir, err := os.MkdirTemp("", "run")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	ctx, stop := context.WithCancel(context.Background())
	cfg := train.Config{Epochs: 3, BatchSize: 16, Dir: dir, OnStep: func(s train.Step) {
		if s.Epoch == 2 && s.Done == 3 {
			stop() // Ctrl-C does the same in the command
		}
	}}
	net := cnnlib.Sequential{cnnlib.Flatten{}, cnnlib.Dense{Out: 2}}
	history, err := train.Fit(ctx, model(net...), stripes(64), cfg)
	fmt.Println(len(history), "epoch:", err != nil)

	cfg.OnStep = nil
	history, err = train.Fit(context.Background(), model(net...), stripes(64), cfg)
	fmt.Println(len(history), "epochs:", err)
	// Output:
	// 1 epoch: true
	// 3 epochs: <nil>
}

// A map of labels for each image: the network gives two numbers for each
// pixel, and the mean IoU is shown beside the accuracy.
func ExamplePaired() {
	m := model(cnnlib.Conv{Out: 4, Kernel: 3, Padding: 1}, cnnlib.ReLU{}, cnnlib.Conv{Out: 2, Kernel: 1})
	cfg := train.Config{Epochs: 30, BatchSize: 16, LearningRate: 3e-2, Loss: train.Dice{}, Metrics: []train.Metric{train.MeanIoU{}}}
	history, err := train.Fit(context.Background(), m, frames{64}, cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	last := history[len(history)-1]
	fmt.Printf("accuracy %.2f, %v\n", last.Accuracy, last.Metrics[0])
	// Output: accuracy 1.00, mean IoU 1.0000
}

// huber is a loss for numbers that large errors pull less at.
func huber(logits, targets *graph.Node) *graph.Node {
	size := graph.Abs(graph.Sub(logits, targets))
	small := graph.Min(size, graph.OnesLike(size))
	return graph.ReduceAllMean(graph.Mul(small, graph.Sub(size, graph.MulScalar(small, 0.5))))
}

// fill is how much of an image is bright.
type fill struct{ stripes }

func (fill) Target() train.Target { return train.Target{Kind: train.Floats, Shape: []int{1}} }

func (f fill) Pair(i, epoch int) (pixels []uint8, target []float32) {
	pixels, _ = f.Example(i)
	return pixels, []float32{8.0 / 64}
}

// Any function of logits and targets is a loss.
func ExampleLossFunc() {
	m := model(cnnlib.Flatten{}, cnnlib.Dense{Out: 1})
	cfg := train.Config{Epochs: 50, BatchSize: 16, LearningRate: 1e-2, Loss: train.LossFunc(huber), Valid: fill{16}}
	history, err := train.Fit(context.Background(), m, fill{64}, cfg)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Printf("from above %t to below %t\n", history[0].Loss > 1e-3, history[49].ValidLoss < 1e-4)
	// Output: from above true to below true
}

// lion is an optimizer of its own (Chen et al. 2023): a step in the direction
// of the sign of a mean of gradients.
type lion struct{ Beta1, Beta2 float64 }

func (l lion) Check() error { return nil }

func (l lion) Rates(learningRate float64, step int) []float32 {
	return []float32{float32(learningRate)}
}

func (l lion) Update(w *train.Weight) *graph.Node {
	mean := w.Remembered("mean") // zero in the first step
	toward := func(beta float64) *graph.Node {
		return graph.Add(graph.MulScalar(mean, beta), graph.MulScalar(w.Gradient, 1-beta))
	}
	w.Remember("mean", toward(l.Beta2))
	return graph.Sub(w.Value, graph.Mul(w.Rates[0], graph.Sign(toward(l.Beta1))))
}

// What an optimizer remembers is in the checkpoints without its doing.
func ExampleOptimizer() {
	m := model(cnnlib.Conv{Out: 8, Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2}, cnnlib.Flatten{}, cnnlib.Dense{Out: 2})
	cfg := train.Config{Epochs: 60, BatchSize: 16, LearningRate: 3e-3, Optimizer: lion{0.9, 0.99}}
	if _, err := train.Fit(context.Background(), m, stripes(64), cfg); err != nil {
		fmt.Println(err)
		return
	}
	result, err := train.Evaluate(context.Background(), m, stripes(16), 16)
	fmt.Println(result.Accuracy, err)
	// Output: 1 <nil>
}

// recall is a metric of its own: the part of the images of class 1 that are
// found.
type recall struct{}

func (recall) Name() string { return "recall" }

func (recall) Check(output []int, target train.Target) error {
	if target.Kind != train.Labels || len(output) != 1 || output[0] != 2 {
		return fmt.Errorf("recall is for two classes, the network gives %v", output)
	}
	return nil
}

func (recall) Sums(logits, targets *graph.Node) *graph.Node {
	is := graph.ConvertDType(targets, logits.DType())
	said := graph.ConvertDType(graph.ArgMax(logits, -1), logits.DType())
	found := graph.Reshape(graph.ReduceAllSum(graph.Mul(is, said)), 1)
	return graph.Concatenate([]*graph.Node{found, graph.Reshape(graph.ReduceAllSum(is), 1)}, 0)
}

func (recall) Value(sums []float64) float64 { return sums[0] / sums[1] }

// The device makes sums of each batch, the figure is computed of all of them.
func ExampleMetric() {
	m := model(cnnlib.Conv{Out: 8, Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2}, cnnlib.Flatten{}, cnnlib.Dense{Out: 2})
	cfg := train.Config{Epochs: 40, BatchSize: 16, LearningRate: 1e-2}
	if _, err := train.Fit(context.Background(), m, stripes(64), cfg); err != nil {
		fmt.Println(err)
		return
	}
	result, err := train.Evaluation{Metrics: []train.Metric{recall{}}}.Run(context.Background(), m, stripes(16))
	fmt.Println(result.Metrics, err)
	// Output: [recall 1.0000] <nil>
}
