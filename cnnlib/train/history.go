package train

import "fmt"

// Epoch is what one pass over the data gave. Loss and Accuracy are means over
// the training batches as they were seen, with dropout on.
type Epoch struct {
	Epoch          int // from 1
	Loss, Accuracy float64
	Validated      bool // whether the two figures of the validation set are there
	ValidLoss      float64
	ValidAccuracy  float64
	Seconds        float64 // of training, validation not counted
	Waited         float64 // of these, the seconds in which the step waited for its images
	Steps          int
}

// String is the lesson's line: epoch, mean loss, accuracy, seconds.
func (e Epoch) String() string {
	line := fmt.Sprintf("epoch %d  loss %.4f  accuracy %.2f %%", e.Epoch, e.Loss, 100*e.Accuracy)
	if e.Validated {
		line += fmt.Sprintf("  valid loss %.4f  valid accuracy %.2f %%", e.ValidLoss, 100*e.ValidAccuracy)
	}
	return line + fmt.Sprintf("  %.1f s", e.Seconds)
}

// History is one Epoch after the other, from epoch 1.
type History []Epoch

// Best is the index of the epoch with the best validation accuracy, the first
// of equals, or -1 when none was validated.
func (h History) Best() int {
	best := -1
	for i, e := range h {
		if e.Validated && (best < 0 || e.ValidAccuracy > h[best].ValidAccuracy) {
			best = i
		}
	}
	return best
}
