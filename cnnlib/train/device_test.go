package train

import (
	"slices"
	"testing"
	"time"

	"convlab/augment"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/internal/labtest"
	"convlab/internal/median"
	"convlab/internal/shuffle"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// The 32-pixel pipeline as a graph on the device. It makes the same bytes as
// augment.Dataset and was not faster on any backend here (BenchmarkAugment), so
// Fit takes the host's.

// shift is the padding of the crop.
const shift = 4

// cropFlip is RandomCrop(32, padding=4) and RandomHorizontalFlip on the device.
// pixels: uint8 [n, 32, 32, 3]; moves: int32 [n, 4], each image's number in the
// batch, row and column of the crop, and 1 if it is mirrored. Every row of the
// result is one slice of the padded images.
func cropFlip(pixels, moves *graph.Node) *graph.Node {
	g, dims := pixels.Graph(), pixels.Shape().Dimensions
	frame := compute.PadAxis{Start: shift, End: shift}
	padded := graph.Pad(pixels, graph.ScalarZero(g, dtypes.Uint8), compute.PadAxis{}, frame, frame)
	start := graph.Slice(moves, graph.AxisRange(), graph.AxisRange(0, 3))
	cut := graph.Reshape(graph.GatherSlices(padded, []int{0, 1, 2}, start, []int{1, dims[1], dims[2]}, true), dims...)
	mirrored := graph.Equal(graph.Slice(moves, graph.AxisRange(), graph.AxisElem(3)), graph.Const(g, [][]int32{{1}}))
	mirrored = graph.BroadcastToShape(graph.Reshape(mirrored, dims[0], 1, 1, 1), shapes.Make(dtypes.Bool, dims...))
	return graph.Where(mirrored, graph.Reverse(cut, 2), cut)
}

// movesOf are the draws that the host's transforms make for each image.
func movesOf(order []int, seed uint64, epoch int) *tensors.Tensor {
	moves := make([]int32, 0, 4*len(order))
	var r augment.Rand
	for i, index := range order {
		r.Reset(seed, epoch, index)
		row := r.Intn(2*shift + 1)
		column := r.Intn(2*shift + 1)
		mirror := int32(0)
		if r.Float() < 0.5 {
			mirror = 1
		}
		moves = append(moves, int32(i), int32(row), int32(column), mirror)
	}
	return tensors.FromFlatDataAndDimensions(moves, len(order), 4)
}

func onHost(data Labelled, workers int) *augment.Dataset {
	return &augment.Dataset{Examples: data, Height: 32, Width: 32, Transform: augment.Train32()[:2], Seed: 9, Workers: workers}
}

func TestCropFlipOnTheDeviceIsThatOfTheHost(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		raw := newNoise(200)
		device := graph.MustNewExec(b, cropFlip)
		f, plain := feedOf(t, onHost(raw, 2), nets.CIFARInput(), 200), feedOf(t, raw, nets.CIFARInput(), 200)
		order := shuffle.Order(200, 1, 1)
		var want []uint8
		if err := f.drain(order, 3, func(b *batch) { want = tensors.MustCopyFlatData[uint8](b.pixels) }); err != nil {
			t.Fatal(err)
		}
		err := plain.drain(order, 3, func(b *batch) {
			if !slices.Equal(tensors.MustCopyFlatData[uint8](device.MustCall1(b.pixels, movesOf(order, 9, 3))), want) {
				t.Error("other pixels")
			}
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// deviceStep is newStep on images that cropFlip changes first.
func deviceStep(b *testing.B, m *cnnlib.Model, o *objective) *model.Exec {
	step, err := model.NewExec(m.Backend(), m.Store(), func(scope *model.Scope, pixels, moves, labels, rates *graph.Node) []*graph.Node {
		scope.Store().SetTraining(pixels.Graph(), true)
		loss, more := o.build(m.Logits(cropFlip(pixels, moves)), labels)
		move(Adam{}, scope, loss, rates)
		return append([]*graph.Node{loss}, more...)
	})
	if err != nil {
		b.Fatal(err)
	}
	return step
}

// BenchmarkAugment compares, by turns, batches of 256 images of 32 pixels
// shifted and mirrored by augment.Dataset and by cropFlip: the images alone,
// and steps of network 3.1, which are so short that the images matter most.
// Ratios above 1 say that the host's way is faster.
//
// On two cores of an AMD EPYC that others used too (median of 11 turns, load
// 20): the images 1.7 times the device's speed on XLA (533,000 a second against
// 281,000) and 69 times on pure Go; training 1.12 and 1.13 times. With the
// host's images a step took no longer than with unchanged ones. Not measured on
// a GPU: it would have to take more images a second than the host's cores
// make, some 500,000 each, before the host's way is the slower one.
//
//	go test ./cnnlib/train -run - -bench Augment -benchtime 20x
func BenchmarkAugment(b *testing.B) {
	b.Run("go", func(b *testing.B) { benchAugment(b, labtest.Go(b), 1) })
	b.Run("xla", func(b *testing.B) { benchAugment(b, labtest.XLA(b), 10) })
}

func benchAugment(b *testing.B, on compute.Backend, batches int) {
	raw := newNoise(batches * benchBatch)
	order := shuffle.Order(raw.n, 1, 1)
	newModel := func() *cnnlib.Model {
		m, err := cnnlib.New(on, nets.LeNet(), nets.CIFARInput(), cnnlib.Options{Seed: 1})
		if err != nil {
			b.Fatal(err)
		}
		return m
	}
	plain := feedOf(b, raw, nets.CIFARInput(), benchBatch)
	host := onHost(raw, 0)
	augmented := feedOf(b, host, nets.CIFARInput(), benchBatch)
	o, err := newObjective(nil, nil, []int{10}, Target{})
	if err != nil {
		b.Fatal(err)
	}
	asIs, onDevice, crop := newModel(), deviceStep(b, newModel(), o), graph.MustNewExec(on, cropFlip)
	step, err := newStep(asIs, Adam{}, o)
	if err != nil {
		b.Fatal(err)
	}
	rates := Adam{}.Rates(1e-3, 1)
	check := func(out []*tensors.Tensor, err error) {
		if err != nil {
			b.Fatal(err)
		}
		for _, t := range out {
			if t.IsScalar() {
				tensors.ToScalar[float32](t)
			}
			t.MustFinalizeAll()
		}
	}
	epoch := 0
	turn := func(f *feed, use func(*batch, []int)) time.Duration {
		epoch++
		start, done := time.Now(), 0
		if err := f.drain(order, epoch, func(b *batch) {
			use(b, order[done:done+b.n])
			done += b.n
		}); err != nil {
			b.Fatal(err)
		}
		return time.Since(start)
	}
	programs := []struct {
		name string
		feed *feed
		use  func(*batch, []int)
	}{
		{"host", augmented, func(*batch, []int) {}},
		{"device", plain, func(b *batch, index []int) { check(crop.Call(b.pixels, movesOf(index, 9, epoch))) }},
		{"host-steps", augmented, func(b *batch, _ []int) { check(step.Call(b.pixels, b.targets, rates)) }},
		{"device-steps", plain, func(b *batch, index []int) {
			check(onDevice.Call(b.pixels, movesOf(index, 9, epoch), b.targets, rates))
		}},
		{"unchanged-steps", plain, func(b *batch, _ []int) { check(step.Call(b.pixels, b.targets, rates)) }},
	}
	for _, p := range programs {
		turn(p.feed, p.use) // compile
	}
	times := make([][]time.Duration, len(programs))
	var images, steps []float64 // ratios, turn by turn
	for b.Loop() {
		var now [5]time.Duration
		for i, p := range programs {
			now[i] = turn(p.feed, p.use)
			times[i] = append(times[i], now[i])
		}
		images = append(images, now[1].Seconds()/now[0].Seconds())
		steps = append(steps, now[3].Seconds()/now[2].Seconds())
	}
	for i, p := range programs {
		b.ReportMetric(float64(raw.n)/median.Of(times[i]).Seconds(), p.name+"-img/s")
	}
	b.ReportMetric(median.Of(images), "times-device")
	b.ReportMetric(median.Of(steps), "times-device-steps")
	b.ReportMetric(0, "ns/op")
}
