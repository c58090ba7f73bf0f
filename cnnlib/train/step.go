package train

import "time"

// Step says how far training has come, for a progress bar.
type Step struct {
	Epoch, Epochs int           // this one, from 1, and how many there will be
	Done, Steps   int           // steps of this epoch: done, and in all
	Images        int           // images of this epoch that were seen
	Seconds       float64       // spent in this epoch, before an interruption too
	Loss          float64       // of this step's batch
	Rate          float64       // images a second in this epoch, since it began or was resumed
	Left          time.Duration // estimate to the end of training, validation included
}

// left estimates what training still takes: the images not yet seen at the
// rate of this epoch, and one validation an epoch, at the pace of the last one
// or, before the first, of a forward pass, a third of a step.
func (r *run) left(s Step) time.Duration {
	if s.Rate <= 0 {
		return 0
	}
	epochs := float64(s.Epochs - s.Epoch)
	seconds := (float64(r.data.n-s.Images) + epochs*float64(r.data.n)) / s.Rate
	if r.valid != nil {
		valid := r.validSeconds
		if valid == 0 {
			valid = float64(r.valid.data.n) / s.Rate / 3
		}
		seconds += (epochs + 1) * valid
	}
	return time.Duration(seconds * float64(time.Second))
}
