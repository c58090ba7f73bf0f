package train

import (
	"context"
	"math/rand/v2"
	"slices"
	"syscall"
	"testing"
	"time"

	"convlab/cnnlib"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/layers"
	"github.com/gomlx/gomlx/ml/layers/activation"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/loss"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

const (
	benchBatch = 256
	imageFLOPs = 109.8e6 // of one trained image of network 3.2: forward, and two gradients where both are needed
)

// noise is a data set of random images.
type noise struct {
	pixels []uint8
	n      int
}

func newNoise(n int) *noise {
	d := &noise{make([]uint8, n*3072), n}
	random := rand.New(rand.NewPCG(1, 1))
	for i := range d.pixels {
		d.pixels[i] = uint8(random.Uint32())
	}
	return d
}

func (d *noise) Len() int { return d.n }

func (d *noise) Example(i int) ([]uint8, uint8) { return d.pixels[3072*i : 3072*(i+1)], uint8(i % 10) }

// plainStep is one step of network 3.2 as GoMLX's own layers, loss and
// optimiser give it.
func plainStep(b compute.Backend) (*model.Exec, error) {
	store := model.NewStore()
	store.SetParam(model.ParamInitialSeed, int64(1))
	adam := optimizer.Adam().LearningRate(1e-3).Done()
	return model.NewExec(b, store, func(scope *model.Scope, pixels, labels *graph.Node) *graph.Node {
		store.SetTraining(pixels.Graph(), true)
		x := graph.DivScalar(graph.ConvertDType(pixels, dtypes.Float32), 255)
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
		x = layers.DenseWithBias(scope.In("out"), x, 10)
		mean := graph.ReduceAllMean(loss.SparseCategoricalCrossEntropyLogits(
			[]*graph.Node{graph.InsertAxes(labels, -1)}, []*graph.Node{x}))
		adam.UpdateGraph(scope, pixels.Graph(), mean)
		return mean
	})
}

func median(times []time.Duration) float64 {
	slices.Sort(times)
	return times[len(times)/2].Seconds()
}

// BenchmarkStep times steps of network 3.2 at batch 256 on XLA, by turns ours
// and plain GoMLX's, and a large matrix product for the roof. The processor
// time beside the clock is for a machine with others at work.
//
//	go test ./cnnlib/train -run - -bench Step -benchtime 20x
func BenchmarkStep(b *testing.B) {
	xla := labtest.XLA(b)
	m, err := cnnlib.New(xla, cnnlib.LessonNet(), cnnlib.CIFARInput, cnnlib.Options{Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	ours, err := newStep(m, Config{Optimizer: Adam{}})
	if err != nil {
		b.Fatal(err)
	}
	plain, err := plainStep(xla)
	if err != nil {
		b.Fatal(err)
	}
	side := tensors.FromShape(shapes.Make(dtypes.Float32, 2048, 2048))
	product := graph.MustNewExec(xla, func(x *graph.Node) *graph.Node { return graph.ReduceAllSum(graph.Dot(x, x).Product()) })
	batches := newFeed(newNoise(benchBatch), nil, m.In, benchBatch)
	used := func() time.Duration {
		var u syscall.Rusage
		syscall.Getrusage(syscall.RUSAGE_SELF, &u)
		return time.Duration(u.Utime.Nano() + u.Stime.Nano())
	}
	var busy time.Duration // processor time of the last step
	timed := func(step *model.Exec, more ...any) time.Duration {
		bt := <-batches.start(context.Background(), Order(benchBatch, 1, 1), 1)
		start, before := time.Now(), used()
		out, err := step.Call(append([]any{bt.pixels, bt.labels}, more...)...)
		if err != nil {
			b.Fatal(err)
		}
		tensors.ToScalar[float32](out[0])
		took := time.Since(start)
		busy = used() - before
		batches.free <- bt
		return took
	}
	rates := Adam{}.rates(1e-3, 1)
	var our, their, roof, ourBusy, theirBusy []time.Duration
	for range 2 { // compile, and warm up
		timed(ours, rates)
		timed(plain)
		product.MustCall(side)
	}
	for b.Loop() {
		our = append(our, timed(ours, rates))
		ourBusy = append(ourBusy, busy)
		their = append(their, timed(plain))
		theirBusy = append(theirBusy, busy)
		start := time.Now()
		product.MustCall(side)
		roof = append(roof, time.Since(start))
	}
	flops := 2 * 2048.0 * 2048 * 2048 / median(roof)
	b.ReportMetric(benchBatch/median(our), "img/s")
	b.ReportMetric(benchBatch/median(their), "plain-img/s")
	b.ReportMetric(median(their)/median(our), "times-plain")
	b.ReportMetric(median(theirBusy)/median(ourBusy), "times-plain-cpu")
	b.ReportMetric(100*benchBatch/median(our)*imageFLOPs/flops, "%roof")
	b.ReportMetric(0, "ns/op")
}

// BenchmarkEpoch trains network 3.2 on 10 batches and tells the share of the
// time in which the step waited for its images.
func BenchmarkEpoch(b *testing.B) {
	xla, images := labtest.XLA(b), newNoise(10*benchBatch)
	m, err := cnnlib.New(xla, cnnlib.LessonNet(), cnnlib.CIFARInput, cnnlib.Options{Seed: 1})
	if err != nil {
		b.Fatal(err)
	}
	var seconds, waited float64
	for b.Loop() {
		h, err := Fit(context.Background(), m, images, Config{})
		if err != nil {
			b.Fatal(err)
		}
		seconds, waited = seconds+h[0].Seconds, waited+h[0].Waited
	}
	b.ReportMetric(float64(images.n*b.N)/seconds, "img/s")
	b.ReportMetric(100*waited/seconds, "%waiting")
}
