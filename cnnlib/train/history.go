package train

import "fmt"

// Epoch is the result of one pass over the data. Loss, Accuracy and Metrics
// are measured on the training batches as they went by, with dropout on.
type Epoch struct {
	Epoch          int // from 1
	Loss, Accuracy float64
	Validated      bool // whether the two figures of the validation set are there
	ValidLoss      float64
	ValidAccuracy  float64
	Seconds        float64 // of training, validation not counted
	Waited         float64 // of these, the seconds in which the step waited for its images
	Steps          int
	NoAccuracy     bool     `json:",omitempty"` // the targets are not labels: there is a loss only
	Metrics        []Figure `json:",omitempty"` // Config.Metrics
	ValidMetrics   []Figure `json:",omitempty"` // the same of the validation set
}

// String returns the line that the lesson prints after an epoch: its number,
// mean loss, accuracy, the metrics and the seconds it took.
func (e Epoch) String() string {
	line := fmt.Sprintf("epoch %d", e.Epoch)
	add := func(set string, loss, accuracy float64, metrics []Figure) {
		line += fmt.Sprintf("  %sloss %.4f", set, loss)
		if !e.NoAccuracy {
			line += fmt.Sprintf("  %saccuracy %.2f %%", set, 100*accuracy)
		}
		for _, m := range metrics {
			line += fmt.Sprintf("  %s%v", set, m)
		}
	}
	add("", e.Loss, e.Accuracy, e.Metrics)
	if e.Validated {
		add("valid ", e.ValidLoss, e.ValidAccuracy, e.ValidMetrics)
	}
	return line + fmt.Sprintf("  %.1f s", e.Seconds)
}

// History is one Epoch after the other, from epoch 1.
type History []Epoch

// Best returns the index of the epoch with the best validation accuracy, or
// with the smallest validation loss where there is no accuracy. Of equal
// epochs it is the first; without any validation it is -1.
func (h History) Best() int {
	best := -1
	for i, e := range h {
		if e.Validated && (best < 0 || e.better(h[best])) {
			best = i
		}
	}
	return best
}

func (e Epoch) better(than Epoch) bool {
	if e.NoAccuracy {
		return e.ValidLoss < than.ValidLoss
	}
	return e.ValidAccuracy > than.ValidAccuracy
}
