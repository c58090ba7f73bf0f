package train

import (
	"context"
	"math"
	"slices"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
)

// bars are 8x8 images: a bright row (label 0) or a bright column (label 1).
type bars int

func (b bars) Len() int { return int(b) }

func (b bars) Example(i int) ([]uint8, uint8) {
	pixels := make([]uint8, 64)
	at, label := i/2%8, i%2
	for k := range 8 {
		if label == 0 {
			pixels[8*at+k] = 255
		} else {
			pixels[8*k+at] = 255
		}
	}
	return pixels, uint8(label)
}

func newModel(t testing.TB, b compute.Backend) *cnnlib.Model {
	t.Helper()
	net := cnnlib.Sequential{cnnlib.Conv{Out: 4, Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2}, cnnlib.Dropout{Rate: 0.25},
		cnnlib.Flatten{}, cnnlib.Dense{Out: 2}}
	m, err := cnnlib.New(b, net, []int{8, 8, 1}, cnnlib.Options{Seed: 3})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func weights(m *cnnlib.Model) []float32 {
	var all []float32
	for _, path := range []string{"/net/0/weight", "/net/0/bias", "/net/5/weight", "/net/5/bias"} {
		all = append(all, tensors.MustCopyFlatData[float32](m.Store().GetVariable(path).MustValue())...)
	}
	return all
}

func TestFitLearns(t *testing.T) {
	m := newModel(t, labtest.Go(t))
	steps := 0
	h, err := Fit(context.Background(), m, bars(64), Config{Epochs: 40, BatchSize: 24, LearningRate: 1e-2, Valid: bars(16),
		OnStep: func(Step) { steps++ }})
	if err != nil {
		t.Fatal(err)
	}
	if len(h) != 40 || h[0].Steps != 3 || steps != 120 {
		t.Errorf("%d epochs of %d steps, %d in all; want 40, 3, 120 (the last batch is partial)", len(h), h[0].Steps, steps)
	}
	if math.Abs(h[0].Loss-math.Ln2) > 0.2 {
		t.Errorf("the first loss is %g, want about ln 2", h[0].Loss)
	}
	r, err := Evaluate(context.Background(), m, bars(64), 10)
	if err != nil {
		t.Fatal(err)
	}
	if r.Accuracy < 0.95 || r.N != 64 || r.Confusion[0][0]+r.Confusion[0][1] != 32 || !(r.Low < r.Accuracy && r.Accuracy <= r.High+1e-9) {
		t.Errorf("after training: %+v", r)
	}
	var done []int
	if _, err := Evaluate(context.Background(), m, bars(64), 30, func(d, n int) { done = append(done, d, n) }); err != nil || !slices.Equal(done, []int{30, 64, 60, 64, 64, 64}) {
		t.Errorf("progress %v, error %v", done, err)
	}
	if b := h.Best(); b < 0 || h[b].ValidAccuracy < 0.95 {
		t.Errorf("best epoch %d", b)
	}
}

func second[T any](_ T, err error) error { return err }
