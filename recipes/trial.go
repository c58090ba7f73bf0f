package recipes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"convlab/cifar"
	"convlab/cnnlib/train"
	"convlab/internal/atomicfile"
	"convlab/internal/fastmode"

	"github.com/gomlx/compute"
)

// Outcome is the result of a finished trial; it is kept as outcome.json.
type Outcome struct {
	Way, Name      string
	Seed           uint64
	Epochs, Images int
	Valid          int
	Short          bool // in a notebook or command with CONVLAB_FAST, which shortens every training
	Params         int64
	Seconds        float64 // of training
	Accuracy, Loss float64 // of the validation images, after the last epoch
	TrainLoss      float64 // of the last epoch
}

const (
	outcomeFile = "outcome.json"
	maxOutcome  = 1 << 16 // bytes
)

// Outcome returns the result of a trial, or nil if it is not finished. One of
// a trial with other epochs or images is an error.
func (e Experiment) Outcome(t Trial) (*Outcome, error) {
	file := filepath.Join(e.folder(t), outcomeFile)
	info, err := os.Stat(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, fmt.Errorf("recipes: %w", err)
	}
	if info.Size() > maxOutcome {
		return nil, fmt.Errorf("recipes: %s has %d bytes: remove it to run the trial again", file, info.Size())
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("recipes: %w", err)
	}
	o := &Outcome{}
	if err := json.Unmarshal(text, o); err != nil {
		return nil, fmt.Errorf("recipes: %s: %w: remove it to run the trial again", file, err)
	}
	if o.Way != t.Way || o.Name != t.Name || o.Seed != t.Seed || !(o.Accuracy >= 0 && o.Accuracy <= 1) {
		return nil, fmt.Errorf("recipes: %s is of %q %q, seed %d, accuracy %g: remove it to run the trial again", file, o.Way, o.Name, o.Seed, o.Accuracy)
	}
	if o.Short != fastmode.On() {
		return nil, fmt.Errorf("recipes: %s was made with CONVLAB_FAST, or this is: use another folder", file)
	}
	if o.Epochs != e.Epochs || e.Images != 0 && o.Images != e.Images || o.Valid != e.valid() {
		return nil, fmt.Errorf("recipes: %s is of %d epochs of %d images with %d for validation, now %d, %d and %d are wanted: use another folder",
			file, o.Epochs, o.Images, o.Valid, e.Epochs, e.Images, e.valid())
	}
	return o, nil
}

// Run runs a trial, or goes on with it, or returns its result if it is
// finished. When ctx ends, it saves and stops. If another process is running
// the trial, the error is train.ErrBusy. The checkpoints of a finished trial
// are removed.
func (e Experiment) Run(ctx context.Context, b compute.Backend, data *cifar.Data, t Trial, log io.Writer) (*Outcome, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	if o, err := e.Outcome(t); o != nil || err != nil {
		return o, err
	}
	training, valid, err := e.images(data)
	if err != nil {
		return nil, err
	}
	m, err := t.Model(b, training, t.Seed)
	if err != nil {
		return nil, err
	}
	summary, err := t.Net.Summary(m.Input())
	if err != nil {
		return nil, err
	}
	cfg := t.Config(t.Seed)
	cfg.Epochs, cfg.Dir, cfg.Log = e.Epochs, e.folder(t), log
	history, err := train.Fit(ctx, m, t.Recipe.Images(training, t.Seed), cfg)
	if err != nil {
		return nil, err
	}
	result, err := train.Evaluate(ctx, m, valid, 100)
	if err != nil {
		return nil, err
	}
	o := &Outcome{Way: t.Way, Name: t.Name, Seed: t.Seed, Epochs: e.Epochs, Images: training.Len(), Valid: valid.Len(), Short: fastmode.On(), Params: summary.Params,
		Accuracy: result.Accuracy, Loss: result.Loss, TrainLoss: history[len(history)-1].Loss}
	for _, epoch := range history {
		o.Seconds += epoch.Seconds
	}
	text, err := json.MarshalIndent(o, "", " ")
	if err != nil {
		return nil, fmt.Errorf("recipes: %w", err)
	}
	if err := atomicfile.WriteFile(filepath.Join(e.folder(t), outcomeFile), append(text, '\n')); err != nil {
		return nil, fmt.Errorf("recipes: %w", err)
	}
	return o, train.Discard(cfg.Dir)
}
