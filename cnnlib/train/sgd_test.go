package train

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
)

// fastLike are settings with all that the fast recipe uses.
func fastLike() Config {
	return Config{Epochs: 10, BatchSize: 16, LearningRate: 0.05, Optimizer: SGD{Momentum: 0.85, WeightDecay: 0.01, NormBias: 8},
		Schedule: Schedule{Start: 0.2, Peak: 0.3, End: 0.07}, Loss: CrossEntropy{Smoothing: 0.2}, Lookahead: true}
}

// TestFastTrainingEqualsPyTorch: SGD, its schedule, label smoothing and
// lookahead over ten steps.
func TestFastTrainingEqualsPyTorch(t *testing.T) {
	golden := readGolden(t)
	start := []goldenSide{
		{"/net/0/weight", "0.weight", []int{3, 3, 1, 4}, 9, 0, 9, 1, 4},
		{"/net/0/bias", "0.bias", []int{4}, 9, 1, 1, 1, 4},
		{"/net/5/weight", "5.weight", []int{36, 2}, 36, 10, 1, 36, 2},
		{"/net/5/bias", "5.bias", []int{2}, 36, 11, 1, 1, 2},
	}
	var norm []goldenSide
	for _, name := range []string{"weight", "bias", "running_mean", "running_var"} {
		norm = append(norm, goldenSide{"/net/2/" + name, "2." + name, []int{4}, 0, 0, 1, 1, 4})
	}
	net := cnnlib.Sequential{cnnlib.Conv{Out: 4, Kernel: 3}, cnnlib.MaxPool{Size: 2}, cnnlib.BatchNorm{Momentum: 0.4}, cnnlib.GELU{}, cnnlib.Flatten{}, cnnlib.Dense{Out: 2}}
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		trainsAsPyTorch(t, b, net, fastLike(), start, norm, golden.FastLosses, golden.FastWeights)
	})
}

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

func TestSchedule(t *testing.T) {
	s := Schedule{Start: 0.2, Peak: 0.25, End: 0.1}
	for done, want := range map[int]float64{0: 0.2, 1: 0.6, 2: 1, 5: 0.55, 8: 0.1} {
		if got := s.factor(done, 8); math.Abs(got-want) > 1e-12 {
			t.Errorf("after %d of 8 steps %g, want %g", done, got, want)
		}
	}
	if got := (Schedule{}).factor(3, 8); got != 1 {
		t.Errorf("no schedule: %g", got)
	}
}

func TestSettingsAreChecked(t *testing.T) {
	b := labtest.Go(t)
	for want, cfg := range map[string]Config{
		"momentum":     {Optimizer: SGD{Momentum: 1}},
		"weight decay": {Optimizer: SGD{WeightDecay: -1}},
		"biases":       {Optimizer: SGD{NormBias: math.NaN()}},
		"schedule":     {Schedule: Schedule{Start: -1}},
		"smoothing":    {Loss: CrossEntropy{Smoothing: 1}},
	} {
		if _, err := Fit(context.Background(), newModel(t, b), images, cfg); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%+v: error %v", cfg, err)
		}
	}
	if how := fmt.Sprint(fastLike().how()); !strings.Contains(how, "SGD{Momentum:0.85") || (Config{Optimizer: Adam{}}).how() != "" {
		t.Errorf("settings are told as %q", how)
	}
}
