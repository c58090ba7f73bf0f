package train

import "fmt"

// What is left of a training that package fastmode shortens.
const (
	shortEpochs = 3
	shortSteps  = 8
)

// short is the same training on so few steps that a check of the notebooks
// takes minutes. It is told, so that nobody takes it for the real thing.
func (r *run) short() {
	r.cfg.Epochs = min(r.cfg.Epochs, shortEpochs)
	r.data.n = min(r.data.n, shortSteps*r.cfg.BatchSize)
	if r.valid != nil {
		r.valid.data.n = min(r.valid.data.n, 10*validBatch)
	}
	if r.cfg.Log != nil {
		fmt.Fprintf(r.cfg.Log, "CONVLAB_FAST is set: only %d epochs of %d steps\n", r.cfg.Epochs, shortSteps)
	}
}
