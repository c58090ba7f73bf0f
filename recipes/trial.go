package recipes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"convlab/cifar"
	"convlab/cnnlib/train"
	"convlab/internal/lab"

	"github.com/gomlx/compute"
)

// Outcome is what a finished trial gave; it is kept as outcome.json.
type Outcome struct {
	Way, Name      string
	Seed           uint64
	Epochs, Images int
	Short          bool // with CONVLAB_FAST, which shortens every training
	Params         int64
	Seconds        float64 // of training
	Accuracy, Loss float64 // of the validation images, after the last epoch
	TrainLoss      float64 // of the last epoch
}

const (
	outcomeFile = "outcome.json"
	maxOutcome  = 1 << 16 // bytes
)

// Outcome of a trial, nil if it is not finished. One of another budget is an
// error.
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
		return nil, fmt.Errorf("recipes: %s is of %s %s, seed %d, accuracy %g: remove it to run the trial again", file, o.Way, o.Name, o.Seed, o.Accuracy)
	}
	if o.Short != lab.Fast() {
		return nil, fmt.Errorf("recipes: %s was made with CONVLAB_FAST, or this is: use another folder", file)
	}
	if o.Epochs != e.Epochs || e.Images != 0 && o.Images != e.Images {
		return nil, fmt.Errorf("recipes: %s is of %d epochs of %d images, now %d and %d are wanted: use another folder", file, o.Epochs, o.Images, e.Epochs, e.Images)
	}
	return o, nil
}

// Run runs a trial, goes on with it, or gives what it gave already. When ctx
// ends it saves and stops; of a trial that another process runs the error is
// train.ErrBusy. The checkpoints of a finished trial are removed.
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
	summary, err := t.Net.Summary(m.In)
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
	o := &Outcome{Way: t.Way, Name: t.Name, Seed: t.Seed, Epochs: e.Epochs, Images: training.Len(), Short: lab.Fast(), Params: summary.Params,
		Accuracy: result.Accuracy, Loss: result.Loss, TrainLoss: history[len(history)-1].Loss}
	for _, epoch := range history {
		o.Seconds += epoch.Seconds
	}
	text, err := json.MarshalIndent(o, "", " ")
	if err != nil {
		return nil, fmt.Errorf("recipes: %w", err)
	}
	if err := replace(filepath.Join(e.folder(t), outcomeFile), append(text, '\n')); err != nil {
		return nil, fmt.Errorf("recipes: %w", err)
	}
	return o, train.Discard(cfg.Dir)
}

// replace writes a file whole or not at all.
func replace(file string, content []byte) error {
	f, err := os.CreateTemp(filepath.Dir(file), filepath.Base(file)+"-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already when all went well
	_, err = f.Write(content)
	if err = errors.Join(err, f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Rename(f.Name(), file)
}

// Row is one setting in the table: its finished trials.
type Row struct {
	Way, Name  string
	Params     int64
	Accuracies []float64 // of the validation images, by seed
	Seconds    float64   // mean of a trial's training
}

// Mean is that of the accuracies.
func (r Row) Mean() float64 {
	sum := 0.0
	for _, a := range r.Accuracies {
		sum += a
	}
	return sum / float64(len(r.Accuracies))
}

// Spread is the standard deviation of the accuracies (n−1), 0 of a single one.
func (r Row) Spread() float64 {
	mean, sum := r.Mean(), 0.0
	for _, a := range r.Accuracies {
		sum += (a - mean) * (a - mean)
	}
	return math.Sqrt(sum / float64(max(len(r.Accuracies)-1, 1)))
}

// Table is one row for each setting with a finished trial.
type Table struct {
	Rows             []Row
	Epochs           int
	Finished, Trials int
}

// Table collects what is finished.
func (e Experiment) Table() (*Table, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	table := &Table{Epochs: e.Epochs}
	for _, s := range e.Settings {
		row := Row{Way: s.Way, Name: s.Name}
		for seed := range e.Seeds {
			table.Trials++
			o, err := e.Outcome(Trial{s, uint64(seed + 1)})
			if err != nil {
				return nil, err
			}
			if o == nil {
				continue
			}
			table.Finished++
			row.Params = o.Params
			row.Seconds += o.Seconds
			row.Accuracies = append(row.Accuracies, o.Accuracy)
		}
		if n := len(row.Accuracies); n > 0 {
			row.Seconds /= float64(n)
			table.Rows = append(table.Rows, row)
		}
	}
	return table, nil
}

// String is the table in Markdown.
func (t *Table) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Accuracy on the validation images after %d epochs, mean ± standard deviation over seeds; %d of %d trials are finished.\n\n", t.Epochs, t.Finished, t.Trials)
	fmt.Fprintln(&b, "| way | setting | parameters | accuracy | seeds | seconds |\n|---|---|---:|---:|---:|---:|")
	for _, r := range t.Rows {
		fmt.Fprintf(&b, "| %s | %s | %d | %.2f ± %.2f %% | %d | %.0f |\n", r.Way, r.Name, r.Params, 100*r.Mean(), 100*r.Spread(), len(r.Accuracies), r.Seconds)
	}
	return b.String()
}
