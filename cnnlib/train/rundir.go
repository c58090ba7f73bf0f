package train

import (
	"path/filepath"

	"convlab/internal/labdir"
)

// RunDir returns the folder for the checkpoints of the run called name. It
// lies in .lab/runs of the checkout, or in the folder that CONVLAB_RUNS
// names.
func RunDir(name string) string { return filepath.Join(labdir.Runs(), name) }
