package train

import (
	"context"
	"errors"
	"strings"
	"testing"

	"convlab/internal/labtest"
)

// TestMetricsOfABegunEpoch: one that was stopped goes on with the same metrics
// only, the next one with any.
func TestMetricsOfABegunEpoch(t *testing.T) {
	b := labtest.Go(t)
	cfg := Config{Epochs: 3, BatchSize: 16, Metrics: []Metric{agreement{}}, Dir: t.TempDir()}
	stopAt := func(done int) error {
		ctx, cut := stoppedAt(cfg, 1, done)
		return second(Fit(ctx, newModel(t, b), images, cut))
	}
	if err := stopAt(2); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	with := cfg.Metrics
	cfg.Metrics = nil
	if err := stopAt(4); err == nil || !strings.Contains(err.Error(), "other metrics") {
		t.Errorf("within the epoch: %v", err)
	}
	cfg.Metrics, cfg.Epochs = with, 1
	if _, err := Fit(context.Background(), newModel(t, b), images, cfg); err != nil {
		t.Fatal(err)
	}
	cfg.Metrics, cfg.Epochs = nil, 3
	h, err := Fit(context.Background(), newModel(t, b), images, cfg)
	if err != nil || len(h[0].Metrics) != 1 || len(h[2].Metrics) != 0 {
		t.Errorf("after the epoch: %v, %v", h, err)
	}
}
