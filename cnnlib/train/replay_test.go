package train

import (
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"

	"convlab/internal/labtest"
)

// TestReplay: the weights of every epoch come again, also when training was
// cut in between, and nothing else is kept.
func TestReplay(t *testing.T) {
	b := labtest.Go(t)
	cfg := settings
	cfg.Dir, cfg.KeepAll = t.TempDir(), true
	m := newModel(t, b)
	want := [][]float32{weights(m)}
	cfg.OnEpoch = func(History) { want = append(want, weights(m)) }
	ctx, cut := stoppedAt(cfg, 3, 2)
	if _, err := Fit(ctx, m, images, cut); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	m = newModel(t, b)
	if _, err := Fit(context.Background(), m, images, cfg); err != nil {
		t.Fatal(err)
	}
	var got [][]float32
	var epochs []int
	again := newModel(t, b)
	err := Replay(again, cfg.Dir, func(epoch int) error {
		got, epochs = append(got, weights(again)), append(epochs, epoch)
		return nil
	})
	if err != nil || !slices.Equal(epochs, []int{0, 1, 2, 3, 4, 5}) {
		t.Fatalf("epochs %v, %v", epochs, err)
	}
	for i := range want {
		if !slices.Equal(got[i], want[i]) {
			t.Errorf("epoch %d has other weights", i)
		}
		if i > 0 && slices.Equal(got[i], got[i-1]) {
			t.Errorf("epochs %d and %d have the same weights", i-1, i)
		}
	}
	if found, err := files(cfg.Dir); err != nil || len(found) != 5 {
		t.Errorf("kept %v, %v", found, err)
	}
	stop := errors.New("enough")
	if err := Replay(newModel(t, b), cfg.Dir, func(epoch int) error { return stop }); err != stop {
		t.Error(err)
	}
	if err := Replay(newModel(t, b), t.TempDir(), nil); err == nil || !strings.Contains(err.Error(), "train first") {
		t.Error(err)
	}
	damaged := nameOf(cfg.Dir, 2, 4)
	if err := os.WriteFile(damaged, []byte("x"), 0o666); err != nil {
		t.Fatal(err)
	}
	var bad *CheckpointError
	if err := Replay(newModel(t, b), cfg.Dir, func(int) error { return nil }); !errors.As(err, &bad) || bad.File != damaged {
		t.Error(err)
	}
}
