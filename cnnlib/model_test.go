package cnnlib

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
)

// TestPredictAnyNumber: the batch sizes of Predict's graph show nowhere.
func TestPredictAnyNumber(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		m, err := New(b, Sequential{Conv{Out: 3, Kernel: 3}, ReLU{}, Flatten{}, Dense{Out: 4}}, []int{5, 5, 2}, Options{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		const size, most = 50, 203
		pixels := make([]uint8, most*size)
		random := rand.New(rand.NewPCG(1, 1))
		for i := range pixels {
			pixels[i] = uint8(random.Uint32())
		}
		want, err := m.Predict(pixels, most)
		if err != nil {
			t.Fatal(err)
		}
		for n := range 120 { // more than the graphs that GoMLX would keep
			got, err := m.Predict(pixels[:n*size], n)
			if err != nil || len(got) != n {
				t.Fatalf("%d images: %d results, error %v", n, len(got), err)
			}
			for i, logits := range got {
				for c, v := range logits {
					if off := math.Abs(float64(v - want[i][c])); off > 1e-5 || len(logits) != 4 {
						t.Fatalf("%d images: image %d has logits %v, want %v", n, i, logits, want[i])
					}
				}
			}
		}
	})
}

// TestPredictSideBySide: goroutines that predict at once, with batches of all
// sizes, get what one alone gets.
func TestPredictSideBySide(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		m, err := New(b, block(), []int{8, 8, 3}, Options{Seed: 2})
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		const size = 8 * 8 * 3
		pixels := noise(12 * size)
		want, err := m.Predict(pixels, 12)
		if err != nil {
			t.Fatal(err)
		}
		var all sync.WaitGroup
		for i := range 24 {
			all.Go(func() {
				n := 1 + i%12
				got, err := m.Predict(pixels[:n*size], n)
				if err != nil {
					t.Error(err)
					return
				}
				for j := range got {
					if !close32(got[j], want[j]) {
						t.Errorf("image %d of %d: %v, want %v", j, n, got[j], want[j])
					}
				}
			})
		}
		all.Wait()
	})
}

func flat(t *testing.T, m *Model, path string) []float32 {
	t.Helper()
	v, err := tensors.CopyFlatData[float32](m.Store().GetVariable(path).MustValue())
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestInitialWeights(t *testing.T) { labtest.EachBackend(t, initialWeights) }

func initialWeights(t *testing.T, b compute.Backend) {
	m, err := New(b, LeNet(), CIFARInput, Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	w := flat(t, m, "/net/7/weight") // 576 → 120
	bound, sum2 := 1/math.Sqrt(576), 0.0
	for _, v := range w {
		if math.Abs(float64(v)) > bound {
			t.Fatalf("%g is outside ±%g", v, bound)
		}
		sum2 += float64(v) * float64(v)
	}
	if std := math.Sqrt(sum2 / float64(len(w))); math.Abs(std*math.Sqrt(3)/bound-1) > 0.01 {
		t.Errorf("standard deviation %g, want %g", std, bound/math.Sqrt(3))
	}
	again, err := New(b, LeNet(), CIFARInput, Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	if flat(t, again, "/net/7/weight")[5] != w[5] {
		t.Error("the same seed gave other weights")
	}
	logits, err := m.Predict(make([]uint8, 2*3072), 2)
	if err != nil || len(logits) != 2 || len(logits[0]) != 10 {
		t.Fatalf("logits %v, %v", logits, err)
	}
	total := float32(0)
	for _, p := range Softmax(logits[0]) {
		total += p
	}
	if math.Abs(float64(total)-1) > 1e-6 {
		t.Errorf("probabilities sum to %g", total)
	}
	if _, err := m.Predict(make([]uint8, 10), 1); err == nil {
		t.Error("10 bytes were taken for an image")
	}
}

// TestContextEnds: what takes long looks at its context between its parts, and
// gives its error.
func TestContextEnds(t *testing.T) {
	m, err := New(labtest.Go(t), Sequential{Conv{Out: 2, Kernel: 3}, Flatten{}, Dense{Out: 3}}, []int{5, 5, 1}, Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	one, many := noise(25), noise(250*25)
	for name, c := range map[string]struct {
		looks int // how often the whole work looks
		work  func(ctx context.Context) error
	}{
		"250 images": {3, func(ctx context.Context) error {
			_, err := m.PredictContext(ctx, many, 250)
			return err
		}},
		"occlusion by 3 rows of squares": {4, func(ctx context.Context) error {
			_, err := m.Occlusion(ctx, one, 1, 3, 1)
			return err
		}},
		"comparison of 4 steps": {5, func(ctx context.Context) error {
			_, err := Compare(ctx, m, m, one)
			return err
		}},
	} {
		for n := range c.looks {
			if err := c.work(&labtest.Countdown{Context: t.Context(), Left: n}); !errors.Is(err, context.Canceled) {
				t.Errorf("%s, ended after %d of %d looks: error %v, want %v", name, n, c.looks, err, context.Canceled)
			}
		}
		if err := c.work(&labtest.Countdown{Context: t.Context(), Left: c.looks}); err != nil {
			t.Errorf("%s with a context that lasts: %v", name, err)
		}
	}
}
