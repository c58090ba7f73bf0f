package train

import (
	"context"
	"errors"
	"strings"
	"testing"

	"convlab/internal/labtest"
)

func TestStopWithoutAFolder(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cfg := settings
	cfg.OnStep = func(Step) { cancel() }
	_, err := Fit(ctx, newModel(t, labtest.Go(t)), images, cfg)
	if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "not saved") {
		t.Errorf("error %v", err)
	}
}
