package train

import (
	"context"
	"errors"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"

	"github.com/gomlx/compute/gobackend"
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

func newModel(t *testing.T) *cnnlib.Model {
	t.Helper()
	b, err := gobackend.New("")
	if err != nil {
		t.Fatal(err)
	}
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
	m := newModel(t)
	steps := 0
	h, err := Fit(context.Background(), m, bars(64), Config{Epochs: 40, BatchSize: 24, LearningRate: 1e-2, Valid: bars(16),
		OnStep: func(done, n int) { steps++ }})
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
	if b := h.Best(); b < 0 || h[b].ValidAccuracy < 0.95 {
		t.Errorf("best epoch %d", b)
	}
}

func TestInterruptedTrainingGivesTheSameWeights(t *testing.T) {
	whole := newModel(t)
	cfg := Config{Epochs: 4, BatchSize: 16, Seed: 5}
	if _, err := Fit(context.Background(), whole, bars(64), cfg); err != nil {
		t.Fatal(err)
	}
	cfg.Dir = t.TempDir()
	ctx, cancel := context.WithCancel(context.Background())
	epochs := 0
	cut := cfg
	cut.OnEpoch = func(h History) { epochs = len(h) }
	cut.OnStep = func(done, n int) {
		if epochs == 2 && done == 2 { // in the middle of the third epoch
			cancel()
		}
	}
	h, err := Fit(ctx, newModel(t), bars(64), cut)
	if !errors.Is(err, context.Canceled) || len(h) != 2 {
		t.Fatalf("cut in epoch 3: history of %d, error %v", len(h), err)
	}
	m := newModel(t)
	h, err = Fit(context.Background(), m, bars(64), cfg)
	if err != nil || len(h) != 4 {
		t.Fatalf("resumed: history of %d, error %v", len(h), err)
	}
	if !slices.Equal(weights(m), weights(whole)) {
		t.Error("the weights differ from those of the undisturbed run")
	}
	left, _ := os.ReadDir(cfg.Dir)
	if len(left) != keep {
		t.Errorf("%d files left, want the %d newest checkpoints: %v", len(left), keep, left)
	}
	other := cfg
	other.Seed = 6
	if _, err := Fit(context.Background(), newModel(t), bars(64), other); err == nil || !strings.Contains(err.Error(), "seed 5") {
		t.Errorf("another seed: error %v", err)
	}
}

func TestDamagedCheckpoint(t *testing.T) {
	dir := t.TempDir()
	if _, err := Fit(context.Background(), newModel(t), bars(32), Config{Epochs: 2, BatchSize: 16, Dir: dir}); err != nil {
		t.Fatal(err)
	}
	newestFile := filepath.Join(dir, "epoch-000002.ckpt")
	good, err := os.ReadFile(newestFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int{0, len(magic) + 3, len(good) / 2, len(good) - 1} {
		bad := slices.Clone(good)
		bad[at] ^= 4
		checkDamaged(t, dir, newestFile, bad)
	}
	checkDamaged(t, dir, newestFile, nil)
	checkDamaged(t, dir, newestFile, good[:len(good)/2])
	if _, err := Load(newModel(t), t.TempDir(), nil); err == nil {
		t.Error("an empty folder gave weights")
	}
}

func checkDamaged(t *testing.T, dir, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, content, 0o644); err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	h, err := Load(newModel(t), dir, &log)
	if err != nil || len(h) != 1 {
		t.Errorf("history of %d, error %v; want the checkpoint of epoch 1", len(h), err)
	}
	if !strings.Contains(log.String(), file) {
		t.Errorf("the damaged file is not named: %q", log.String())
	}
}

func TestBadArguments(t *testing.T) {
	m, ctx := newModel(t), context.Background()
	for name, err := range map[string]error{
		"no data":    second(Fit(ctx, m, bars(0), Config{})),
		"epochs":     second(Fit(ctx, m, bars(2), Config{Epochs: -1})),
		"rate":       second(Fit(ctx, m, bars(2), Config{LearningRate: math.NaN()})),
		"evaluate 0": second(Evaluate(ctx, m, bars(0), 1)),
		"batch 0":    second(Evaluate(ctx, m, bars(2), 0)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func second[T any](_ T, err error) error { return err }
