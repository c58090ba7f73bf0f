package train

import (
	"context"
	"fmt"

	"convlab/internal/stop"
)

// hold keeps a command that is asked to stop from leaving this run behind,
// from its first step on: before that there is nothing to save, and the graph
// is being compiled, for which nobody wants to wait.
func (r *run) hold(ctx context.Context) {
	if r.release == nil {
		r.release = stop.Hold(ctx)
	}
}

func (r *run) letGo() {
	if r.release != nil {
		r.release()
	}
}

// stop saves where training is and says how to go on. cause is why it stops.
func (r *run) stop(cause error) error {
	where := fmt.Sprintf("stopped in epoch %d after %d of %d steps", len(r.history)+1, r.now.Done, r.steps())
	if r.cfg.Dir == "" {
		return fmt.Errorf("train: %w", &stop.Error{Says: where + ", not saved (no folder for checkpoints was given)", Cause: cause})
	}
	file, err := r.save()
	if err != nil {
		return fmt.Errorf("train: %s, which could not be saved: %w", where, err)
	}
	return fmt.Errorf("train: %w", &stop.Error{Says: fmt.Sprintf("%s, saved in %s; train with the same settings to go on from there", where, file), Cause: cause})
}
