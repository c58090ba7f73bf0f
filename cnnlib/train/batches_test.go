package train

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"convlab/augment"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/internal/labtest"
	"convlab/internal/shuffle"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
)

// colours are bars in 8x8x3.
type colours int

func (c colours) Len() int { return int(c) }

func (c colours) Example(i int) ([]uint8, uint8) {
	grey, label := bars(c).Example(i)
	var pixels []uint8
	for p, v := range grey {
		pixels = append(pixels, v, v/2, uint8(p))
	}
	return pixels, label
}

func augmented(workers int) *augment.Dataset {
	return &augment.Dataset{Examples: colours(60), Height: 8, Width: 8, Seed: 9, Workers: workers, Transform: augment.Compose{
		augment.RandomCrop{Size: 8, Padding: augment.Border{2}}, augment.RandomHorizontalFlip{},
		augment.ColorJitter{Brightness: augment.Span{0.4}}}}
}

func newColourModel(t testing.TB, b compute.Backend) *cnnlib.Model {
	t.Helper()
	net := cnnlib.Sequential{cnnlib.Conv{Out: 4, Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2}, cnnlib.Dropout{Rate: 0.25},
		cnnlib.Flatten{}, cnnlib.Dense{Out: 2}}
	m, err := cnnlib.New(b, net, []int{8, 8, 3}, cnnlib.Options{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestAugmentedTrainingGivesTheSameWeights: stopped within epochs or not, and
// with any number of workers, on images that change from epoch to epoch.
func TestAugmentedTrainingGivesTheSameWeights(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		cfg := settings // the last of the 4 batches has 12 images
		cfg.Valid = colours(8)
		fit := func(data Dataset) []float32 {
			m := newColourModel(t, b)
			if _, err := Fit(context.Background(), m, data, cfg); err != nil {
				t.Fatal(err)
			}
			return weights(m)
		}
		want := fit(augmented(1))
		if slices.Equal(want, fit(colours(60))) {
			t.Error("the weights are those of images that do not change")
		}
		for _, workers := range []int{1, 2, 4} {
			cfg.Dir = t.TempDir()
			for _, stop := range []Step{{Epoch: 1, Done: 3}, {Epoch: 3, Done: 2}, {Epoch: 4, Done: 4}} {
				ctx, cut := stoppedAt(cfg, stop.Epoch, stop.Done)
				if _, err := Fit(ctx, newColourModel(t, b), augmented(workers), cut); !errors.Is(err, context.Canceled) {
					t.Fatalf("cut at step %d of epoch %d: %v", stop.Done, stop.Epoch, err)
				}
			}
			if _, err := Fit(context.Background(), newColourModel(t, b), colours(60), cfg); err == nil || !strings.Contains(err.Error(), "RandomCrop(8, padding=2)") {
				t.Errorf("resumed on images that do not change: error %v", err)
			}
			if !slices.Equal(fit(augmented(workers)), want) {
				t.Errorf("stopped three times, %d workers: other weights", workers)
			}
		}
	})
}

// feedOf is the feed of a data set for a network of ten outputs.
func feedOf(t testing.TB, data Dataset, in []int, size int) *feed {
	t.Helper()
	src, err := newSource(data, []int{10})
	if err != nil {
		t.Fatal(err)
	}
	return newFeed(src, in, size)
}

// drain gives the epoch's batches to use, which is called before a batch is
// free again.
func (f *feed) drain(order []int, epoch int, use func(*batch)) error {
	var err error
	for b := range f.start(context.Background(), order, epoch) {
		if err = b.err; err == nil {
			use(b)
		}
		f.free <- b
	}
	return err
}

// TestBatchesAreWhatTheTransformsMake compares each image with augment.Apply.
func TestBatchesAreWhatTheTransformsMake(t *testing.T) {
	data := augmented(3)
	f := feedOf(t, data, []int{8, 8, 3}, 16)
	for epoch := 1; epoch <= 2; epoch++ {
		order := shuffle.Order(data.Len(), 5, epoch)
		seen := 0
		err := f.drain(order, epoch, func(b *batch) {
			got, labels := tensors.MustCopyFlatData[uint8](b.pixels), tensors.MustCopyFlatData[int32](b.targets)
			for i := range b.n {
				pixels, label := data.Examples.Example(order[seen])
				want, err := augment.Apply(data.Transform, augment.Image{W: 8, H: 8, Pix: pixels}, augment.NewRand(9, epoch, order[seen]))
				if err != nil || labels[i] != int32(label) || !slices.Equal(got[192*i:192*(i+1)], want.Pix) {
					t.Errorf("epoch %d, image %d: other pixels, or label %d, error %v", epoch, order[seen], labels[i], err)
				}
				seen++
			}
		})
		if err != nil || seen != 60 {
			t.Errorf("%d images, error %v", seen, err)
		}
	}
	if pixels, _ := data.Unchanged().(Labelled).Example(3); !slices.Equal(pixels, first0(colours(60).Example(3))) {
		t.Error("what is evaluated on has changed the image")
	}
	if err := f.end(); err != nil {
		t.Error(err)
	}
}

func first0[T, U any](v T, _ U) T { return v }

// TestFeedingAllocatesNothing: a longer epoch allocates no more than a short
// one.
func TestFeedingAllocatesNothing(t *testing.T) {
	pixels := newNoise(64)
	for name, data := range map[string]Dataset{
		"as they are": pixels,
		"augmented":   &augment.Dataset{Examples: pixels, Height: 32, Width: 32, Transform: augment.Train32()[:2], Workers: 2},
	} {
		f := feedOf(t, data, nets.CIFARInput(), 16)
		epoch := func(n int) float64 {
			order := make([]int, n)
			for i := range order {
				order[i] = i % 64
			}
			return testing.AllocsPerRun(20, func() {
				if err := f.drain(order, 1, func(*batch) {}); err != nil {
					t.Fatal(err)
				}
			})
		}
		epoch(64)
		short, long := epoch(64), epoch(16*200)
		if long > short+2 { // the runtime allocates a little by itself
			t.Errorf("%s: %g allocations for 4 batches, %g for 200", name, short, long)
		}
	}
}

// few is a source that ends too early.
type few struct{ *augment.Dataset }

func (f few) Batches(ctx context.Context, order []int, size, epoch int) iter.Seq2[[]uint8, error] {
	return f.Dataset.Batches(ctx, order[:len(order)/size*size], size, epoch)
}

func TestBadAugmentation(t *testing.T) {
	b := labtest.Go(t)
	with := func(t augment.Transform) *augment.Dataset {
		d := augmented(2)
		d.Transform = t
		return d
	}
	for want, data := range map[string]Dataset{
		"keep the shape":         with(augment.CenterCrop{Size: 6}),
		"must not hold ToTensor": with(augment.ToTensor{}),
		"got Size -1":            with(augment.CenterCrop{Size: -1}),
		"3 of 4 batches":         few{augmented(2)},
	} {
		if _, err := Fit(context.Background(), newColourModel(t, b), data, settings); err == nil || !strings.Contains(fmt.Sprint(err), want) {
			t.Errorf("%q: error %v", want, err)
		}
	}
}
