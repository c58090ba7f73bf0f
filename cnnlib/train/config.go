package train

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"
)

// Config says how to train. The zero value of a field is its default.
type Config struct {
	Epochs       int           // 1
	BatchSize    int           // 256
	LearningRate float64       // 1e-3
	Optimizer    Optimizer     // Adam{}
	Schedule     Schedule      // of the learning rate over all epochs; it does not change
	Loss         Loss          // CrossEntropy{}
	Metrics      []Metric      // shown beside loss and accuracy; accuracy is always there if the targets are labels
	Lookahead    bool          // the weights follow a slow copy of themselves
	Devices      int           // that share each batch; 1
	Seed         uint64        // order of the examples; dropout follows the model's seed
	Valid        Dataset       // measured after each epoch; nil: not measured
	Dir          string        // checkpoints go here and training resumes from here; "": none
	KeepAll      bool          // keep the checkpoint after each epoch, for Replay; else the newest two and the best
	SaveEvery    time.Duration // in a long epoch a checkpoint is saved each time this has passed; 5 minutes
	Log          io.Writer     // one line an epoch; nil: none
	OnEpoch      func(History) // called after each epoch, for a plot; nil: not called
	OnStep       func(Step)    // called after each step, for a progress bar; nil: not called
}

func (cfg Config) complete(data Dataset) (Config, error) {
	if cfg.Epochs == 0 {
		cfg.Epochs = 1
	}
	if cfg.BatchSize == 0 {
		cfg.BatchSize = 256
	}
	if cfg.LearningRate == 0 {
		cfg.LearningRate = 1e-3
	}
	if cfg.Optimizer == nil {
		cfg.Optimizer = Adam{}
	}
	if cfg.SaveEvery == 0 {
		cfg.SaveEvery = 5 * time.Minute
	}
	switch {
	case data == nil || data.Len() == 0:
		return cfg, fmt.Errorf("train: no training examples")
	case cfg.Epochs < 0 || cfg.BatchSize < 0:
		return cfg, fmt.Errorf("train: epochs and batch size must be above 0, got %d and %d", cfg.Epochs, cfg.BatchSize)
	case !(cfg.LearningRate > 0):
		return cfg, fmt.Errorf("train: learning rate must be above 0, got %g", cfg.LearningRate)
	case cfg.Devices > 1 && (cfg.BatchSize%cfg.Devices != 0 || data.Len()%cfg.BatchSize%cfg.Devices != 0):
		return cfg, fmt.Errorf("train: batches of %d, the last of %d, cannot be shared by %d devices: choose another batch size or another number of images",
			cfg.BatchSize, cmp.Or(data.Len()%cfg.BatchSize, cfg.BatchSize), cfg.Devices)
	case cfg.SaveEvery < 0:
		return cfg, fmt.Errorf("train: the time between checkpoints must be above 0, got %v", cfg.SaveEvery)
	}
	return cfg, cmp.Or(checkOptimizer(cfg.Optimizer, cfg.LearningRate), cfg.Schedule.check())
}

// how names the settings that, beside seed, batch size and images, a resumed
// run must share; "" stands for Adam and cross entropy alone.
func (cfg Config) how() string {
	var how []string
	if text := fmt.Sprintf("%T%+v", cfg.Optimizer, cfg.Optimizer); text != "train.Adam{}" {
		how = append(how, text)
	}
	if cfg.Schedule != (Schedule{}) || cfg.Lookahead {
		how = append(how, fmt.Sprintf("%+v over %d epochs, lookahead %t", cfg.Schedule, cfg.Epochs, cfg.Lookahead))
	}
	switch loss := cfg.Loss.(type) {
	case nil:
	case CrossEntropy:
		if loss.Smoothing != 0 {
			how = append(how, fmt.Sprintf("label smoothing %g", loss.Smoothing))
		}
		if loss.Weights != nil {
			how = append(how, fmt.Sprintf("weights of classes %v", loss.Weights))
		}
	default:
		how = append(how, fmt.Sprintf("loss %T%+v", loss, loss))
	}
	return strings.Join(how, ", ")
}

// how is Config.how, and what concerns the model and the images.
func (r *run) how() string {
	var how []string
	if settings := r.cfg.how(); settings != "" {
		how = append(how, settings)
	}
	if r.m.BFloat16() {
		how = append(how, "bfloat16")
	}
	if images := r.data.how(); images != "" {
		how = append(how, images)
	}
	return strings.Join(how, ", ")
}
