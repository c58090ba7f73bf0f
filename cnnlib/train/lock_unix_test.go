package train

import (
	"context"
	"strings"
	"testing"

	"convlab/internal/labtest"
)

func TestOneRunInAFolder(t *testing.T) {
	b, cfg := labtest.Go(t), settings
	cfg.Dir = t.TempDir()
	var second error
	first := cfg
	first.OnStep = func(s Step) {
		if s.Epoch == 2 && s.Done == 1 {
			_, second = Fit(context.Background(), newModel(t, b), images, cfg)
		}
	}
	if _, err := Fit(context.Background(), newModel(t, b), images, first); err != nil {
		t.Error(err)
	}
	if second == nil || !strings.Contains(second.Error(), "trained in already") {
		t.Errorf("a second run at the same time: error %v", second)
	}
	if _, err := Fit(context.Background(), newModel(t, b), images, cfg); err != nil {
		t.Errorf("a second run afterwards: %v", err)
	}
}
