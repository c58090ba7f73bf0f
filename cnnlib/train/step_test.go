package train

import (
	"context"
	"testing"
	"time"

	"convlab/internal/labtest"
)

func TestProgress(t *testing.T) {
	var all []Step
	_, err := Fit(context.Background(), newModel(t, labtest.Go(t)), bars(40), Config{Epochs: 2, BatchSize: 16, Valid: bars(8),
		OnStep: func(s Step) { all = append(all, s) }})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) != 6 {
		t.Fatalf("%d calls, want 6", len(all))
	}
	for i, s := range all {
		images := []int{16, 32, 40}[i%3]
		if s.Epoch != 1+i/3 || s.Epochs != 2 || s.Done != 1+i%3 || s.Steps != 3 || s.Images != images || !(s.Rate > 0 && s.Loss > 0 && s.Seconds > 0) {
			t.Errorf("step %d: %+v", i, s)
		}
	}
	r := run{data: &source{n: 100}, valid: &evaluator{data: &source{n: 30}}, validSeconds: 2}
	got := r.left(Step{Epoch: 1, Epochs: 3, Images: 40, Rate: 10})
	if want := 6*time.Second + 2*10*time.Second + 3*2*time.Second; got != want {
		t.Errorf("left %v, want %v: 60 images, 2 epochs of 100, 3 validations", got, want)
	}
}
