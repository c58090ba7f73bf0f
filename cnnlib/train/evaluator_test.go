package train

import (
	"context"
	"errors"
	"strings"
	"testing"

	"convlab/internal/labtest"
)

// TestEvaluationOfWrongPredictions: what a function gives has to be logits of
// as many images as it was given, with a number for each class.
func TestEvaluationOfWrongPredictions(t *testing.T) {
	for want, predict := range map[string]func(pixels []uint8, n int) ([][]float32, error){
		"4 images were given, logits of 3 came back": func(_ []uint8, n int) ([][]float32, error) { return make([][]float32, n-1), nil },
		"image 0 has 1 labels, but 0 logits":         func(_ []uint8, n int) ([][]float32, error) { return make([][]float32, n), nil },
		"out of paper":                               func([]uint8, int) ([][]float32, error) { return nil, errors.New("out of paper") },
	} {
		if _, err := EvaluateWith(context.Background(), predict, bars(8), 4); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want one with %q", err, want)
		}
	}
}

// TestEvaluationStops: it looks at its context before each batch, and says how
// far it came.
func TestEvaluationStops(t *testing.T) {
	m := newModel(t, labtest.Go(t))
	for n := range 3 {
		_, err := Evaluate(&labtest.Countdown{Context: t.Context(), Left: n}, m, bars(12), 4)
		if !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "of 12 images") {
			t.Errorf("stopped at batch %d: error %v", n, err)
		}
	}
	if _, err := Evaluate(&labtest.Countdown{Context: t.Context(), Left: 3}, m, bars(12), 4); err != nil {
		t.Error(err)
	}
}
