// Package train fits and evaluates cnnlib models, with checkpoints that survive
// a crash, and resume.
//
//	history, err := train.Fit(ctx, m, images, train.Config{Epochs: 5, Dir: "runs/lenet", Log: os.Stdout})
//	result, err := train.Evaluate(ctx, m, test, 100)
//
// What training is made of are values of small interfaces, which a program can
// have types of its own for:
//
//   - Loss: CrossEntropy, MeanSquaredError, BinaryCrossEntropy, Dice, or any
//     function of logits and targets as LossFunc;
//   - Optimizer: Adam, AdamW, SGD, RMSprop, with PyTorch's arithmetic and defaults;
//   - Metric: Accuracy, TopK, MeanIoU, MeanLoss;
//   - Dataset: Labelled, Paired (maps of labels, images, numbers), Augmented.
//
// From one seed the weights are the same to the last bit on the same backend,
// however often training was interrupted, whatever it is made of.
//
// One Fit works on a model at a time. Only RunDir reads the environment.
package train

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"time"

	"convlab/cnnlib"
	"convlab/internal/fastmode"
	"convlab/internal/geometry"
	"convlab/internal/shuffle"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// validBatch is the lesson's batch size for evaluation, and Predict's.
const validBatch = 100

// run is one call of Fit.
type run struct {
	m            *cnnlib.Model
	data         *source
	cfg          Config
	objective    *objective
	valid        *evaluator // nil: not measured
	step         *model.Exec
	slow         *model.Exec // of the lookahead; nil without
	devices      *devices    // nil: one
	feed         *feed
	history      History
	now          progress  // in the epoch after those of history
	saved        time.Time // when the last checkpoint was, or Fit began
	validSeconds float64   // that the last validation took
	release      func()    // of the process, which waits for steps that are not saved; nil: it does not
}

// progress is how far an unfinished epoch is. The sums are over images.
type progress struct {
	Done    int // steps
	Loss    float64
	Hits    float64 // labels that were found
	Seconds float64
	Waited  float64
	Metrics []tally `json:",omitempty"`
}

// Fit trains m on data and returns what each epoch gave, including the epochs
// of an earlier run in cfg.Dir. When ctx ends, it stops between two steps and
// saves a checkpoint; the same call then continues at that step. The error
// says so and wraps ctx.Err(), unless that checkpoint could not be saved.
func Fit(ctx context.Context, m *cnnlib.Model, data Dataset, cfg Config) (History, error) {
	r, err := newRun(m, data, cfg)
	if err != nil {
		return nil, err
	}
	if r.valid != nil {
		defer r.valid.close()
	}
	cfg = r.cfg
	if err := forget(m); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	if cfg.Dir != "" {
		unlock, err := lock(cfg.Dir)
		if err != nil {
			return nil, err
		}
		defer unlock()
		if err := r.resume(); err != nil {
			return nil, err
		}
		if len(r.history) < cfg.Epochs { // a finished run may be on a disk that is only read
			if err := writable(cfg.Dir); err != nil {
				return nil, err
			}
		}
	}
	if r.devices, err = newDevices(m, cfg.Devices); err != nil {
		return nil, err
	}
	if r.step, err = newStep(m, cfg.Optimizer, r.objective); err != nil {
		return nil, err
	}
	defer r.step.Finalize()
	r.devices.spread(r.step, 2, 3)
	if cfg.Lookahead {
		if r.slow, err = newLookahead(m); err != nil {
			return nil, err
		}
		defer r.slow.Finalize()
		r.devices.spread(r.slow, 0, 1)
	}
	if r.done() == 0 {
		if err := r.lookahead(0); err != nil {
			return nil, err
		}
	}
	defer r.letGo()
	for err == nil && len(r.history) < cfg.Epochs {
		err = r.epoch(ctx)
	}
	return r.history, cmp.Or(err, r.feed.end(), r.devices.gather(m))
}

// newRun checks the settings and what the network and the data sets are to do
// with each other.
func newRun(m *cnnlib.Model, data Dataset, cfg Config) (*run, error) {
	cfg, err := cfg.complete(data)
	if err != nil {
		return nil, err
	}
	output := m.Root().Info.Output
	r := &run{m: m, cfg: cfg, saved: time.Now()}
	if r.data, err = newSource(data, output); err != nil {
		return nil, err
	}
	if r.objective, err = newObjective(cfg.Loss, cfg.Metrics, output, r.data.target); err != nil {
		return nil, err
	}
	if err := checkNetwork(m.Root(), r.objective.loss, cfg.BatchSize, r.data.n); err != nil {
		return nil, err
	}
	if cfg.Valid != nil {
		if r.valid, err = newEvaluator(m, Evaluation{BatchSize: validBatch, Loss: cfg.Loss, Metrics: cfg.Metrics}, cfg.Valid); err != nil {
			return nil, fmt.Errorf("%w (validation)", err)
		}
	}
	if fastmode.On() {
		r.short()
	}
	r.feed = newFeed(r.data, m.Input(), cfg.BatchSize)
	return r, nil
}

// newStep is the graph of one step: (pixels, targets, rates of the optimiser) →
// (loss, right answers, sums of the metrics…), the weights and the optimiser's
// state being updated on the way.
func newStep(m *cnnlib.Model, optimizer Optimizer, o *objective) (*model.Exec, error) {
	step, err := model.NewExec(m.Backend(), m.Store(), func(scope *model.Scope, pixels, targets, rates *graph.Node) []*graph.Node {
		scope.Store().SetTraining(pixels.Graph(), true)
		loss, more := o.build(m.Logits(pixels), targets)
		move(optimizer, scope, loss, rates)
		return append([]*graph.Node{loss}, more...)
	})
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	return step, nil
}

// done is the number of steps since training began.
func (r *run) done() int { return len(r.history)*r.steps() + r.now.Done }

func (r *run) steps() int { return (r.data.n + r.cfg.BatchSize - 1) / r.cfg.BatchSize }

// epoch does what is left of the current epoch, validates, saves and tells.
func (r *run) epoch(ctx context.Context) error {
	if err := r.train(ctx); err != nil {
		return err
	}
	n := float64(r.data.n)
	e := Epoch{Epoch: len(r.history) + 1, Loss: r.now.Loss / n, Accuracy: r.now.Hits / (n * float64(geometry.Volume(r.data.target.Shape))),
		Seconds: r.now.Seconds, Waited: r.now.Waited, Steps: r.steps(), NoAccuracy: !r.objective.classified, Metrics: r.objective.figures(r.now.Metrics)}
	if r.valid != nil {
		start := time.Now()
		result, err := r.valid.run(ctx)
		if ctx.Err() != nil {
			return r.stop(ctx.Err())
		} else if err != nil {
			return fmt.Errorf("%w (validation after epoch %d)", err, e.Epoch)
		}
		if math.IsNaN(result.Loss) || math.IsInf(result.Loss, 0) {
			return fmt.Errorf("train: the validation loss became %g in epoch %d: try a smaller learning rate than %g", result.Loss, e.Epoch, r.cfg.LearningRate)
		}
		e.Validated, e.ValidLoss, e.ValidAccuracy, e.ValidMetrics = true, result.Loss, result.Accuracy, result.Metrics
		r.validSeconds = time.Since(start).Seconds()
	}
	r.history, r.now = append(r.history, e), progress{}
	if r.cfg.Dir != "" {
		if _, err := r.save(); err != nil {
			return err
		}
	}
	if r.cfg.Log != nil {
		fmt.Fprintln(r.cfg.Log, e)
	}
	if r.cfg.OnEpoch != nil {
		r.cfg.OnEpoch(r.history)
	}
	return nil
}

// train does the steps of the current epoch that are left.
func (r *run) train(ctx context.Context) error {
	epoch, before, size := len(r.history)+1, r.now, r.cfg.BatchSize
	seen := min(before.Done*size, r.data.n)
	feeding, cancel := context.WithCancel(context.Background())
	batches := r.feed.start(feeding, shuffle.Order(r.data.n, r.cfg.Seed, epoch)[seen:], epoch)
	defer func() {
		cancel()
		for b := range batches { // until nobody writes to one
			r.feed.free <- b
		}
	}()
	for start := time.Now(); r.now.Done < r.steps(); {
		if ctx.Err() != nil {
			return r.stop(ctx.Err())
		}
		asked := time.Now()
		b, more := <-batches
		r.now.Waited += time.Since(asked).Seconds()
		if !more {
			return fmt.Errorf("train: epoch %d: the augmented data gave %d of %d batches", epoch, r.now.Done, r.steps())
		}
		if b.err != nil {
			err := b.err
			r.feed.free <- b
			return err
		}
		out, err := r.call(b)
		n := b.n
		r.feed.free <- b
		if err != nil {
			return fmt.Errorf("train: epoch %d, step %d: %w", epoch, r.now.Done+1, r.explain(err))
		}
		loss := out[0][0]
		if math.IsNaN(loss) || math.IsInf(loss, 0) {
			return fmt.Errorf("train: the loss became %g in epoch %d, step %d: try a smaller learning rate than %g",
				loss, epoch, r.now.Done+1, r.cfg.LearningRate)
		}
		r.hold(ctx)
		passed := time.Since(start).Seconds()
		seen += n
		r.now.Done++
		r.now.Loss += loss * float64(n)
		r.now.Hits += out[1][0]
		if r.now.Metrics, err = r.objective.add(r.now.Metrics, out[2:]); err != nil {
			return err
		}
		r.now.Seconds = before.Seconds + passed
		if r.cfg.OnStep != nil {
			s := Step{Epoch: epoch, Epochs: r.cfg.Epochs, Done: r.now.Done, Steps: r.steps(), Images: seen,
				Seconds: r.now.Seconds, Loss: loss, Rate: float64(seen-before.Done*size) / passed}
			s.Left = r.left(s)
			r.cfg.OnStep(s)
		}
		if r.cfg.Dir != "" && r.now.Done < r.steps() && time.Since(r.saved) >= r.cfg.SaveEvery {
			if _, err := r.save(); err != nil {
				return err
			}
		}
	}
	return nil
}

// call runs one step on the device. The loss is read at once: the execution
// of a graph has ended when GoMLX returns from it, so reading it later would
// gain nothing.
func (r *run) call(b *batch) (out [][]float64, err error) {
	done := r.done()
	rate := r.cfg.LearningRate * r.cfg.Schedule.factor(done, r.cfg.Epochs*r.steps())
	rates := r.cfg.Optimizer.Rates(rate, done+1)
	out, err = r.devices.call(r.step, 2, b.pixels, b.targets, tensors.FromFlatDataAndDimensions(rates, len(rates)))
	if err != nil {
		return nil, err
	}
	return out, r.lookahead(done + 1)
}
