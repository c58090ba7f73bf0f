package cnnlib

import (
	"math"
	"math/rand/v2"
	"sync"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
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
