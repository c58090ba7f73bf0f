package train

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
)

// settings are those of every run in this file: 5 epochs of 4 steps.
var settings = Config{Epochs: 5, BatchSize: 16, Seed: 5, Valid: bars(8)}

const images = bars(64)

// undisturbed gives the weights of a run that nothing stops.
func undisturbed(t *testing.T, b compute.Backend) []float32 {
	t.Helper()
	m := newModel(t, b)
	if _, err := Fit(context.Background(), m, images, settings); err != nil {
		t.Fatal(err)
	}
	return weights(m)
}

// stoppedAt gives a context, and cfg with what ends it behind a step.
func stoppedAt(cfg Config, epoch, done int) (context.Context, Config) {
	ctx, cancel := context.WithCancel(context.Background())
	cfg.OnStep = func(s Step) {
		if s.Epoch == epoch && s.Done == done {
			cancel()
		}
	}
	return ctx, cfg
}

func TestInterruptedTrainingGivesTheSameWeights(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		want := undisturbed(t, b)
		cfg := settings
		cfg.Dir = t.TempDir()
		for _, stop := range []Step{{Epoch: 1, Done: 1}, {Epoch: 3, Done: 2}, {Epoch: 3, Done: 4}} {
			ctx, cut := stoppedAt(cfg, stop.Epoch, stop.Done)
			h, err := Fit(ctx, newModel(t, b), images, cut)
			file := nameOf(cfg.Dir, stop.Epoch, stop.Done)
			if !errors.Is(err, context.Canceled) || len(h) != stop.Epoch-1 || !strings.Contains(err.Error(), file) {
				t.Fatalf("cut at step %d of epoch %d: history of %d, error %v, want one with %s", stop.Done, stop.Epoch, len(h), err, file)
			}
		}
		m := newModel(t, b)
		var first Step
		var log strings.Builder
		cfg.Log = &log
		cfg.OnStep = func(s Step) {
			if first.Epoch == 0 {
				first = s
			}
		}
		h, err := Fit(context.Background(), m, images, cfg)
		if err != nil || len(h) != 5 {
			t.Fatalf("resumed: history of %d, error %v", len(h), err)
		}
		if first.Epoch != 4 || first.Done != 1 || !strings.Contains(log.String(), "step 4 of epoch 3") {
			t.Errorf("resumed with %+v, want step 1 of epoch 4; log %q", first, log.String())
		}
		if !slices.Equal(weights(m), want) {
			t.Error("the weights differ from those of the undisturbed run")
		}
	})
}

func TestKeptCheckpoints(t *testing.T) {
	b, cfg := labtest.Go(t), settings
	cfg.Dir, cfg.SaveEvery = t.TempDir(), 1 // nanosecond: after every step
	m := newModel(t, b)
	h, err := Fit(context.Background(), m, images, cfg)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{nameOf(cfg.Dir, 5, 4), nameOf(cfg.Dir, 5, 3)}
	if best := nameOf(cfg.Dir, h.Best()+1, 4); !slices.Contains(want, best) {
		want = append(want, best)
	}
	found, err := files(cfg.Dir)
	if err != nil || !slices.Equal(found, want) {
		t.Errorf("%v, error %v; want %v", found, err, want)
	}
	if all, _ := os.ReadDir(cfg.Dir); len(all) != len(want) {
		t.Errorf("other files are left too: %v", all)
	}
	best := newModel(t, b)
	if got, err := LoadBest(best, cfg.Dir, nil); err != nil || len(got) != h.Best()+1 {
		t.Errorf("best: %d epochs, error %v, want %d", len(got), err, h.Best()+1)
	}
	r, err := Evaluate(context.Background(), best, settings.Valid, 8)
	if err != nil || r.Loss != h[h.Best()].ValidLoss {
		t.Errorf("best weights have loss %v, history says %v; error %v", r.Loss, h[h.Best()].ValidLoss, err)
	}
	other := cfg
	other.Seed = 6
	if _, err := Fit(context.Background(), newModel(t, b), images, other); err == nil || !strings.Contains(err.Error(), "seed 5") {
		t.Errorf("another seed: error %v", err)
	}
	if _, err := Fit(context.Background(), newModel(t, b), bars(60), cfg); err == nil || !strings.Contains(err.Error(), "64 images") {
		t.Errorf("other data: error %v", err)
	}
}

func TestSavedWeightsAreWhereTrainingStarts(t *testing.T) {
	b, dir := labtest.Go(t), t.TempDir()
	m := newModel(t, b)
	if _, err := Fit(context.Background(), m, images, Config{BatchSize: 16}); err != nil {
		t.Fatal(err)
	}
	if err := Save(m, dir); err != nil {
		t.Fatal(err)
	}
	if err := Save(m, dir); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("saved over checkpoints: error %v", err)
	}
	again := newModel(t, b)
	if h, err := Load(again, dir, nil); err != nil || len(h) != 0 || !slices.Equal(weights(again), weights(m)) {
		t.Errorf("history of %d, error %v, or other weights", len(h), err)
	}
	h, err := Fit(context.Background(), again, images, Config{Epochs: 2, BatchSize: 32, Seed: 7, Dir: dir})
	if err != nil || len(h) != 2 {
		t.Errorf("training from them: history of %d, error %v", len(h), err)
	}
}
