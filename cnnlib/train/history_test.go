package train

import (
	"context"
	"reflect"
	"testing"

	"convlab/internal/labtest"
)

func TestHistoryOfAnInterruptedEpoch(t *testing.T) {
	b := labtest.Go(t)
	whole, err := Fit(context.Background(), newModel(t, b), images, settings)
	if err != nil {
		t.Fatal(err)
	}
	cfg := settings
	cfg.Dir = t.TempDir()
	for range 30 { // each call does one step
		ctx, cancel := context.WithCancel(context.Background())
		cut := cfg
		cut.OnStep = func(Step) { cancel() }
		if _, err = Fit(ctx, newModel(t, b), images, cut); err == nil {
			break
		}
	}
	h, err := Load(newModel(t, b), cfg.Dir, nil)
	if err != nil || len(h) != len(whole) {
		t.Fatalf("history of %d, want %d; error %v", len(h), len(whole), err)
	}
	for i := range h {
		got, want := h[i], whole[i]
		got.Seconds, want.Seconds, got.Waited, want.Waited = 0, 0, 0, 0
		if !reflect.DeepEqual(got, want) {
			t.Errorf("epoch %d: %+v, undisturbed %+v", i+1, got, want)
		}
	}
}
