package recipes

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/internal/fastmode"
	"convlab/internal/labtest"
)

// small is an experiment of two settings and two seeds that takes seconds.
func small(dir string) (Experiment, *cifar.Data) {
	r := Plain()
	r.Net = cnnlib.Sequential{cnnlib.MaxPool{Size: 8}, cnnlib.Flatten{}, cnnlib.Dense{Out: 10}}
	r.BatchSize = 8
	other := r
	other.Augment = Augmented().Augment
	return Experiment{Settings: []Setting{{"base", "plain", r}, {"augmentation", "shifted, mirrored", other}}, Seeds: 2, Epochs: 2, Images: 32, Valid: 16, Dir: dir},
		&cifar.Data{Train: smooth(60)}
}

func TestExperiment(t *testing.T) {
	b := labtest.Go(t)
	e, data := small(t.TempDir())
	var want []float64
	for _, trial := range e.Trials() {
		o, err := e.Run(t.Context(), b, data, trial, nil)
		if err != nil {
			t.Fatal(err)
		}
		if o.Images != 32 || o.Epochs != 2 || o.Valid != 16 || o.Params != 490 || o.Seed != trial.Seed {
			t.Errorf("%+v", o)
		}
		want = append(want, o.Accuracy, o.Loss)
		left, err := filepath.Glob(filepath.Join(e.folder(trial), "*"))
		if err != nil || len(left) != 1 || filepath.Base(left[0]) != outcomeFile {
			t.Errorf("left of a finished trial: %v, %v", left, err)
		}
	}
	if len(want) != 8 || want[1] == want[3] || want[1] == want[5] {
		t.Errorf("trials differ in setting or seed, their losses are %v", want)
	}

	// Stopped at every epoch's end, the trials give the same.
	e.Dir = t.TempDir()
	var got []float64
	for _, trial := range e.Trials() {
		for range 4 {
			ctx, cancel := context.WithCancel(t.Context())
			o, err := e.Run(ctx, b, data, trial, stopper{cancel})
			cancel()
			if err == nil {
				got = append(got, o.Accuracy, o.Loss)
				break
			} else if !errors.Is(err, context.Canceled) {
				t.Fatal(err)
			}
		}
	}
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Fatalf("stopped and resumed %v, want %v", got, want)
		}
	}

	table, err := e.Table()
	if err != nil || table.Finished != 4 || table.Trials != 4 || len(table.Rows) != 2 {
		t.Fatalf("%+v, %v", table, err)
	}
	mean, spread := table.Rows[0].MeanSpread()
	if a, b := want[0], want[4]; mean != (a+b)/2 || spread*spread*2 < (a-b)*(a-b)*0.999 || spread*spread*2 > (a-b)*(a-b)*1.001 {
		t.Errorf("%g and %g have mean %g and deviation %g", a, b, mean, spread)
	}
	if text := table.String(); !strings.Contains(text, "4 of 4") || !strings.Contains(text, "| augmentation | shifted, mirrored | 490 |") {
		t.Error(text)
	}
}

// stopper ends a training after each epoch.
type stopper struct{ cancel func() }

func (s stopper) Write(p []byte) (int, error) {
	if strings.HasPrefix(string(p), "epoch") {
		s.cancel()
	}
	return len(p), nil
}

// TestShort: shortened, there is one seed, and its outcomes are not taken for
// those of a whole experiment.
func TestShort(t *testing.T) {
	b := labtest.Go(t)
	e, data := small(t.TempDir())
	fastmode.Set(true)
	defer fastmode.Set(false)
	trials := e.Trials()
	if len(trials) != 2 || trials[1].Seed != 1 {
		t.Fatalf("%d trials", len(trials))
	}
	for _, trial := range trials {
		if _, err := e.Run(t.Context(), b, data, trial, nil); err != nil {
			t.Fatal(err)
		}
	}
	if table, err := e.Table(); err != nil || table.Finished != 2 || table.Trials != 2 {
		t.Errorf("%+v, %v", table, err)
	}
	fastmode.Set(false)
	if _, err := e.Table(); err == nil || !strings.Contains(err.Error(), "CONVLAB_FAST") {
		t.Errorf("a short outcome in a whole table: %v", err)
	}
}

func TestOutcomesThatDoNotFit(t *testing.T) {
	b := labtest.Go(t)
	e, data := small(t.TempDir())
	trial := e.Trials()[0]
	if _, err := e.Run(t.Context(), b, data, trial, nil); err != nil {
		t.Fatal(err)
	}
	other := e
	other.Epochs = 3
	if _, err := other.Table(); err == nil || !strings.Contains(err.Error(), "another folder") {
		t.Errorf("another budget: %v", err)
	}
	file := filepath.Join(e.folder(trial), outcomeFile)
	for _, content := range []string{"", "{", `{"Way":"dense"}`, `{"Way":"base","Name":"plain","Seed":1,"Accuracy":7}`, strings.Repeat(" ", maxOutcome+1)} {
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := e.Run(t.Context(), b, data, trial, nil); err == nil || !strings.Contains(err.Error(), file) || !strings.Contains(err.Error(), "remove it") {
			t.Errorf("outcome %.40q: %v", content, err)
		}
	}
	if _, err := (Experiment{}).Table(); err == nil {
		t.Error("an empty experiment gave a table")
	}
	e.Images = 1000
	if _, err := e.Run(t.Context(), b, data, e.Trials()[1], nil); err == nil || !strings.Contains(err.Error(), "1000 training images") {
		t.Errorf("too many images: %v", err)
	}
}

// TestTwoProcesses: a trial that another process runs is left to it.
func TestTwoProcesses(t *testing.T) {
	b := labtest.Go(t)
	e, data := small(t.TempDir())
	trial := e.Trials()[0]
	var second error
	_, err := e.Run(t.Context(), b, data, trial, hook(func() {
		_, second = e.Run(t.Context(), b, data, trial, nil)
	}))
	if err != nil || !errors.Is(second, train.ErrBusy) {
		t.Errorf("first %v, second %v", err, second)
	}
}

type hook func()

func (h hook) Write(p []byte) (int, error) {
	h()
	return len(p), nil
}
