package train

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"

	"convlab/internal/labtest"
)

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

func TestBadArguments(t *testing.T) {
	m, ctx := newModel(t, labtest.Go(t)), context.Background()
	for name, err := range map[string]error{
		"no data":    second(Fit(ctx, m, bars(0), Config{})),
		"epochs":     second(Fit(ctx, m, bars(2), Config{Epochs: -1})),
		"rate":       second(Fit(ctx, m, bars(2), Config{LearningRate: math.NaN()})),
		"save every": second(Fit(ctx, m, bars(2), Config{SaveEvery: -1})),
		"evaluate 0": second(Evaluate(ctx, m, bars(0), 1)),
		"batch 0":    second(Evaluate(ctx, m, bars(2), 0)),
	} {
		if err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
