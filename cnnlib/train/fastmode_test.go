package train

import (
	"context"
	"testing"

	"convlab/internal/fastmode"
	"convlab/internal/labtest"
)

// TestEnvironmentIsNotRead: only package fastmode shortens a training.
func TestEnvironmentIsNotRead(t *testing.T) {
	t.Setenv("CONVLAB_FAST", "1")
	b, cfg := labtest.Go(t), Config{Epochs: 5, BatchSize: 2}
	if h, err := Fit(context.Background(), newModel(t, b), images, cfg); err != nil || len(h) != 5 || h[0].Steps != 32 {
		t.Errorf("%d epochs, %v", len(h), err)
	}
	fastmode.Set(true)
	defer fastmode.Set(false)
	if h, err := Fit(context.Background(), newModel(t, b), images, cfg); err != nil || len(h) != shortEpochs || h[0].Steps != shortSteps {
		t.Errorf("shortened: %d epochs, %v", len(h), err)
	}
}
