package train

import (
	"fmt"
	"path/filepath"

	"convlab/internal/lab"
)

// RunDir is the folder for the checkpoints of the run called name, below
// .lab/runs of the checkout.
func RunDir(name string) string { return filepath.Join(lab.Runs(), name) }

// first is the first n examples of a data set.
type first struct {
	Dataset
	n int
}

func (f first) Len() int { return min(f.n, f.Dataset.Len()) }

// What CONVLAB_FAST leaves of a training.
const (
	shortEpochs = 3
	shortSteps  = 8
)

// short is the same training on so few steps that a check of the notebooks
// takes minutes. It is told, so that nobody takes it for the real thing.
func short(cfg Config, data Dataset) (Config, Dataset) {
	cfg.Epochs = min(cfg.Epochs, shortEpochs)
	if cfg.Valid != nil {
		cfg.Valid = first{cfg.Valid, 10 * validBatch}
	}
	if cfg.Log != nil {
		fmt.Fprintf(cfg.Log, "CONVLAB_FAST is set: only %d epochs of %d steps\n", cfg.Epochs, shortSteps)
	}
	return cfg, first{data, shortSteps * cfg.BatchSize}
}
