package cnnlib

import (
	"context"
	"errors"
	"testing"

	"convlab/internal/labtest"
)

// TestContextEnds: what takes long looks at its context between its parts, and
// gives its error.
func TestContextEnds(t *testing.T) {
	m, err := New(labtest.Go(t), Sequential{Conv{Out: 2, Kernel: 3}, Flatten{}, Dense{Out: 3}}, []int{5, 5, 1}, Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	one, many := noise(25), noise(250*25)
	for name, c := range map[string]struct {
		looks int // how often the whole work looks
		work  func(ctx context.Context) error
	}{
		"250 images": {3, func(ctx context.Context) error {
			_, err := m.PredictContext(ctx, many, 250)
			return err
		}},
		"occlusion by 3 rows of squares": {4, func(ctx context.Context) error {
			_, err := m.Occlusion(ctx, one, 1, 3, 1)
			return err
		}},
		"comparison of 4 steps": {5, func(ctx context.Context) error {
			_, err := Compare(ctx, m, m, one)
			return err
		}},
	} {
		for n := range c.looks {
			if err := c.work(&labtest.Countdown{Context: t.Context(), Left: n}); !errors.Is(err, context.Canceled) {
				t.Errorf("%s, ended after %d of %d looks: error %v, want %v", name, n, c.looks, err, context.Canceled)
			}
		}
		if err := c.work(&labtest.Countdown{Context: t.Context(), Left: c.looks}); err != nil {
			t.Errorf("%s with a context that lasts: %v", name, err)
		}
	}
}
