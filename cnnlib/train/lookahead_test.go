package train

import (
	"context"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
)

// TestInterruptedFastTraining stops after every step and goes on.
func TestInterruptedFastTraining(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		cfg := fastLike()
		cfg.Epochs = 3
		want := newModel(t, b)
		if _, err := Fit(context.Background(), want, images, cfg); err != nil {
			t.Fatal(err)
		}
		cfg.Dir = t.TempDir()
		m := newModel(t, b)
		for range 20 { // each call does one step of 12
			m = newModel(t, b)
			ctx, cancel := context.WithCancel(context.Background())
			cut := cfg
			cut.OnStep = func(Step) { cancel() }
			_, err := Fit(ctx, m, images, cut)
			if err == nil {
				break
			} else if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
		if !slices.Equal(weights(m), weights(want)) {
			t.Error("the weights differ from those of the undisturbed run")
		}
		for _, change := range []func(*Config){
			func(c *Config) { c.Epochs = 4 }, func(c *Config) { c.Optimizer = nil }, func(c *Config) { c.Loss = nil }, func(c *Config) { c.Lookahead = false },
		} {
			other := cfg
			change(&other)
			if _, err := Fit(context.Background(), newModel(t, b), images, other); err == nil || !strings.Contains(err.Error(), "was trained with") {
				t.Errorf("other settings on the same folder: error %v", err)
			}
		}
	})
}

// TestLookaheadKeeps: the slow copy is the weights at first, and keeps 0.95⁵ of
// itself at the end.
func TestLookaheadKeeps(t *testing.T) {
	for done, want := range map[int]float64{0: 0, 50: math.Pow(0.95, 5) / 8, 100: math.Pow(0.95, 5)} {
		if got := keepOf(done, 100); math.Abs(got-want) > 1e-12 {
			t.Errorf("after %d of 100 steps %g is kept, want %g", done, got, want)
		}
	}
}
