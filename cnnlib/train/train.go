// Package train fits and evaluates cnnlib models: Adam and cross entropy with
// PyTorch's constants, one checkpoint after each epoch, resume.
//
//	history, err := train.Fit(ctx, m, images, train.Config{Epochs: 5, Dir: "runs/lenet", Log: os.Stdout})
//	result, err := train.Evaluate(ctx, m, test, 100)
package train

import (
	"context"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"time"

	"convlab/cnnlib"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/gomlx/gomlx/ml/train/optimizer"
)

// Dataset is a list of labelled images. Pixels are uint8 in the model's shape
// (height, width, channels) and must not be changed.
type Dataset interface {
	Len() int
	Example(i int) (pixels []uint8, label uint8)
}

// Config says how to train. The zero value of a field is its default.
type Config struct {
	Epochs       int               // 1
	BatchSize    int               // 256
	LearningRate float64           // 1e-3
	Seed         uint64            // order of the examples; dropout follows the model's seed
	Valid        Dataset           // measured after each epoch; nil: not measured
	Dir          string            // checkpoints go here and training resumes from here; "": none
	Log          io.Writer         // one line an epoch; nil: none
	OnEpoch      func(h History)   // called after each epoch, for a plot; nil: not called
	OnStep       func(done, n int) // called after each step of an epoch, for a progress bar; nil: not called
}

// Epoch is what one pass over the data gave. Loss and Accuracy are means over
// the training batches as they were seen, with dropout on; the validation
// figures are NaN-free only when Validated is set.
type Epoch struct {
	Epoch          int
	Loss, Accuracy float64
	Validated      bool
	ValidLoss      float64
	ValidAccuracy  float64
	Seconds        float64
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

// Order is the shuffled order of n examples in one epoch: a permutation that
// depends on seed and epoch alone.
func Order(n int, seed uint64, epoch int) []int {
	return rand.New(rand.NewPCG(seed, uint64(epoch))).Perm(n)
}

// fill copies the examples of index into one batch.
func fill(data Dataset, index []int, in []int) (pixels, labels *tensors.Tensor, err error) {
	size := in[0] * in[1] * in[2]
	px := make([]uint8, len(index)*size)
	lb := make([]int32, len(index))
	for i, at := range index {
		p, l := data.Example(at)
		if len(p) != size {
			return nil, nil, fmt.Errorf("train: example %d has %d bytes, the model takes %d (shape %v)", at, len(p), size, in)
		}
		copy(px[i*size:], p)
		lb[i] = int32(l)
	}
	return tensors.FromFlatDataAndDimensions(px, len(index), in[0], in[1], in[2]),
		tensors.FromFlatDataAndDimensions(lb, len(index)), nil
}

type batch struct {
	pixels, labels *tensors.Tensor
	n              int
	err            error
}

// ahead prepares the batches of one pass while the device works on the one
// before. The channel ends with the batches or with ctx.
func ahead(ctx context.Context, data Dataset, order []int, size int, in []int) <-chan batch {
	out := make(chan batch, 2)
	go func() {
		defer close(out)
		for start := 0; start < len(order); start += size {
			index := order[start:min(start+size, len(order))]
			b := batch{n: len(index)}
			b.pixels, b.labels, b.err = fill(data, index, in)
			select {
			case out <- b:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// lossAndHits: logits [batch, classes], labels int32 [batch] → the mean cross
// entropy and the number of right answers, both float32 scalars.
func lossAndHits(logits, labels *graph.Node) (loss, hits *graph.Node) {
	classes := logits.Shape().Dimensions[1]
	truth := graph.OneHot(labels, classes, dtypes.Float32)
	loss = graph.Neg(graph.ReduceAllMean(graph.ReduceSum(graph.Mul(graph.LogSoftmax(logits), truth), -1)))
	right := graph.Equal(graph.ArgMax(logits, -1, dtypes.Int32), labels)
	return loss, graph.ReduceAllSum(graph.ConvertDType(right, dtypes.Float32))
}

// Fit trains m on data and returns what each epoch gave, epochs of an earlier
// run in cfg.Dir included. When ctx ends it stops between two steps: the
// checkpoint of the last whole epoch stays, and the error wraps ctx.Err().
func Fit(ctx context.Context, m *cnnlib.Model, data Dataset, cfg Config) (History, error) {
	if cfg.Epochs == 0 {
		cfg.Epochs = 1
	}
	if cfg.BatchSize == 0 {
		cfg.BatchSize = 256
	}
	if cfg.LearningRate == 0 {
		cfg.LearningRate = 1e-3
	}
	switch {
	case data == nil || data.Len() == 0:
		return nil, fmt.Errorf("train: no training examples")
	case cfg.Epochs < 0 || cfg.BatchSize < 0:
		return nil, fmt.Errorf("train: epochs and batch size must be above 0, got %d and %d", cfg.Epochs, cfg.BatchSize)
	case !(cfg.LearningRate > 0):
		return nil, fmt.Errorf("train: learning rate must be above 0, got %g", cfg.LearningRate)
	}
	var history History
	if cfg.Dir != "" {
		var err error
		if history, err = resume(m, cfg); err != nil {
			return nil, err
		}
	}
	adam := optimizer.Adam().Epsilon(1e-8).LearningRate(cfg.LearningRate).Done()
	step, err := model.NewExec(m.Backend(), m.Store(), func(scope *model.Scope, pixels, labels *graph.Node) (loss, hits *graph.Node) {
		scope.Store().SetTraining(pixels.Graph(), true)
		loss, hits = lossAndHits(m.Logits(pixels), labels)
		adam.UpdateGraph(scope, pixels.Graph(), loss)
		return loss, hits
	})
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	defer step.Finalize()
	for epoch := len(history) + 1; epoch <= cfg.Epochs; epoch++ {
		e, err := oneEpoch(ctx, m, data, cfg, step, epoch)
		if err != nil {
			return history, err
		}
		if cfg.Valid != nil {
			r, err := Evaluate(ctx, m, cfg.Valid, cfg.BatchSize)
			if err != nil {
				return history, err
			}
			e.Validated, e.ValidLoss, e.ValidAccuracy = true, r.Loss, r.Accuracy
		}
		history = append(history, e)
		if cfg.Dir != "" {
			if err := save(m, cfg, history); err != nil {
				return history, err
			}
		}
		if cfg.Log != nil {
			fmt.Fprintln(cfg.Log, e)
		}
		if cfg.OnEpoch != nil {
			cfg.OnEpoch(history)
		}
	}
	return history, nil
}

func oneEpoch(ctx context.Context, m *cnnlib.Model, data Dataset, cfg Config, step *model.Exec, epoch int) (Epoch, error) {
	start := time.Now()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	e := Epoch{Epoch: epoch, Steps: (data.Len() + cfg.BatchSize - 1) / cfg.BatchSize}
	done := 0
	for b := range ahead(ctx, data, Order(data.Len(), cfg.Seed, epoch), cfg.BatchSize, m.In) {
		if err := ctx.Err(); err != nil {
			break
		}
		if b.err != nil {
			return e, b.err
		}
		loss, hits, err := step.Call2(b.pixels, b.labels)
		if err != nil {
			return e, fmt.Errorf("train: epoch %d, step %d: %w", epoch, done+1, err)
		}
		l := float64(tensors.ToScalar[float32](loss))
		if math.IsNaN(l) || math.IsInf(l, 0) {
			return e, fmt.Errorf("train: the loss became %g in epoch %d, step %d: try a smaller learning rate than %g", l, epoch, done+1, cfg.LearningRate)
		}
		e.Loss += l * float64(b.n)
		e.Accuracy += float64(tensors.ToScalar[float32](hits))
		done++
		if cfg.OnStep != nil {
			cfg.OnStep(done, e.Steps)
		}
	}
	if done < e.Steps {
		return e, fmt.Errorf("train: stopped in epoch %d after %d of %d steps: %w", epoch, done, e.Steps, ctx.Err())
	}
	e.Loss /= float64(data.Len())
	e.Accuracy /= float64(data.Len())
	e.Seconds = time.Since(start).Seconds()
	return e, nil
}

// Result is how a model does on a data set.
type Result struct {
	N              int
	Loss, Accuracy float64
	Low, High      float64 // 95 % Wilson score interval of Accuracy
	Confusion      [][]int // [true class][predicted class]
}

// Evaluate measures m on data in batches, dropout off.
func Evaluate(ctx context.Context, m *cnnlib.Model, data Dataset, batchSize int) (*Result, error) {
	if data == nil || data.Len() == 0 {
		return nil, fmt.Errorf("train: nothing to evaluate on")
	}
	if batchSize < 1 {
		return nil, fmt.Errorf("train: batch size must be above 0, got %d", batchSize)
	}
	r := &Result{}
	for start := 0; start < data.Len(); start += batchSize {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("train: evaluation stopped after %d of %d images: %w", start, data.Len(), err)
		}
		var pixels []uint8
		var labels []int
		for i := start; i < min(start+batchSize, data.Len()); i++ {
			p, l := data.Example(i)
			pixels, labels = append(pixels, p...), append(labels, int(l))
		}
		logits, err := m.Predict(pixels, len(labels))
		if err != nil {
			return nil, err
		}
		for i, row := range logits {
			if err := r.add(row, labels[i]); err != nil {
				return nil, fmt.Errorf("train: example %d: %w", start+i, err)
			}
		}
	}
	n := float64(r.N)
	r.Loss /= n
	r.Accuracy /= n
	const z = 1.959964 // two-sided 95 % of the normal distribution
	middle := (r.Accuracy + z*z/(2*n)) / (1 + z*z/n)
	half := z / (1 + z*z/n) * math.Sqrt(r.Accuracy*(1-r.Accuracy)/n+z*z/(4*n*n))
	r.Low, r.High = middle-half, middle+half
	return r, nil
}

func (r *Result) add(logits []float32, label int) error {
	if label >= len(logits) {
		return fmt.Errorf("label %d, but the network has %d classes", label, len(logits))
	}
	if r.Confusion == nil {
		r.Confusion = make([][]int, len(logits))
		for i := range r.Confusion {
			r.Confusion[i] = make([]int, len(logits))
		}
	}
	best := 0
	for i, v := range logits {
		if v > logits[best] {
			best = i
		}
	}
	sum := 0.0 // log-sum-exp, shifted by the largest
	for _, v := range logits {
		sum += math.Exp(float64(v - logits[best]))
	}
	r.N++
	r.Loss += math.Log(sum) + float64(logits[best]-logits[label])
	if best == label {
		r.Accuracy++
	}
	r.Confusion[label][best]++
	return nil
}
