package train

import (
	"context"
	"fmt"
	"math"
	"slices"

	"convlab/cnnlib"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

// Result is how a model does on a data set. Accuracy, MeanIoU and Confusion
// are of labels, one or many an image; of other targets they are 0 and nil.
type Result struct {
	N         int     // images
	Loss      float64 // mean over the images; cross entropy: over all labels, without smoothing
	Accuracy  float64 // part of all labels that the model finds
	Low, High float64 // 95 % Wilson score interval of Accuracy; 0 where an image has many labels, which are not independent
	MeanIoU   float64 // as the metric of this name
	Confusion [][]int // [true class][predicted class]
	Metrics   []Figure
}

// Evaluation says how to measure a model. The zero value of a field is its
// default.
type Evaluation struct {
	BatchSize int               // 100
	Loss      Loss              // CrossEntropy{}
	Metrics   []Metric          // beside those of Result
	Progress  func(done, n int) // called after each batch
}

// Run measures m on data, dropout off.
func (e Evaluation) Run(ctx context.Context, m *cnnlib.Model, data Dataset) (*Result, error) {
	v, err := newEvaluator(m, e, data)
	if err != nil {
		return nil, err
	}
	defer v.close()
	return v.run(ctx)
}

// Evaluate measures m on data in batches, dropout off; the loss is cross
// entropy. Each of progress is called after each batch.
func Evaluate(ctx context.Context, m *cnnlib.Model, data Dataset, batchSize int, progress ...func(done, n int)) (*Result, error) {
	if batchSize < 1 {
		return nil, fmt.Errorf("train: batch size must be above 0, got %d", batchSize)
	}
	return Evaluation{BatchSize: batchSize, Progress: each(progress)}.Run(ctx, m, data)
}

// EvaluateWith is Evaluate for anything that gives the logits of n images; the
// data set has labels or maps of labels.
func EvaluateWith(ctx context.Context, predict func(pixels []uint8, n int) ([][]float32, error), data Dataset, batchSize int, progress ...func(done, n int)) (*Result, error) {
	if batchSize < 1 {
		return nil, fmt.Errorf("train: batch size must be above 0, got %d", batchSize)
	}
	if data == nil || data.Len() == 0 {
		return nil, fmt.Errorf("train: nothing to evaluate on")
	}
	src, err := newSource(data, nil)
	if err != nil {
		return nil, err
	}
	if src.target.Kind != Labels {
		return nil, fmt.Errorf("train: the data set has %v: without a model only labels can be evaluated", src.target)
	}
	src.classes = src.target.Classes // else they are as many as there are logits
	v := &evaluator{e: Evaluation{BatchSize: batchSize, Progress: each(progress)}, data: src, predict: predict, onHost: true, classified: true}
	return v.run(ctx)
}

// each is all of the functions as one.
func each(progress []func(done, n int)) func(done, n int) {
	return func(done, n int) {
		for _, call := range progress {
			call(done, n)
		}
	}
}

// evaluator is an Evaluation of one model on one data set, to be done any
// number of times.
type evaluator struct {
	e          Evaluation
	data       *source
	predict    func(pixels []uint8, n int) ([][]float32, error)
	output     []int
	onHost     bool      // the loss is cross entropy, which needs no graph
	weights    []float64 // of its classes
	classified bool
	objective  *objective
	exec       *graph.Exec // logits and targets → what objective.build gives; nil if nobody asks for that
}

func newEvaluator(m *cnnlib.Model, e Evaluation, data Dataset) (*evaluator, error) {
	if data == nil || data.Len() == 0 {
		return nil, fmt.Errorf("train: nothing to evaluate on")
	}
	if e.BatchSize == 0 {
		e.BatchSize = validBatch
	}
	if e.BatchSize < 0 {
		return nil, fmt.Errorf("train: batch size must be above 0, got %d", e.BatchSize)
	}
	output := m.Root().Info.Output
	src, err := newSource(data, output)
	if err != nil {
		return nil, err
	}
	o, err := newObjective(e.Loss, e.Metrics, output, src.target)
	if err != nil {
		return nil, err
	}
	v := &evaluator{e: e, data: src, predict: m.Predict, output: output, objective: o, classified: o.classified}
	if loss, ok := o.loss.(CrossEntropy); ok {
		v.onHost, v.weights = true, loss.Weights
	}
	if !v.onHost || len(e.Metrics) > 0 {
		v.exec, err = graph.NewExec(m.Backend(), func(logits, targets *graph.Node) []*graph.Node {
			loss, more := o.build(logits, targets)
			return append([]*graph.Node{loss}, more...)
		})
		if err != nil {
			return nil, fmt.Errorf("train: %w", err)
		}
	}
	return v, nil
}

func (v *evaluator) close() {
	if v.exec != nil {
		v.exec.Finalize()
	}
}

// run measures once.
func (v *evaluator) run(ctx context.Context) (*Result, error) {
	c := counts{weights: v.weights}
	r, all := &Result{N: v.data.n}, []tally(nil)
	for start := 0; start < v.data.n; start += v.e.BatchSize {
		if err := ctx.Err(); err != nil {
			return nil, fmt.Errorf("train: evaluation stopped after %d of %d images: %w", start, v.data.n, err)
		}
		n := min(v.e.BatchSize, v.data.n-start)
		logits, targets, err := v.batch(start, n)
		if err != nil {
			return nil, err
		}
		if v.classified {
			if err := v.count(&c, logits, targets, start); err != nil {
				return nil, err
			}
		}
		if v.exec != nil {
			batch, err := v.onDevice(logits, targets)
			if err != nil {
				return nil, err
			}
			r.Loss += batch[0][0] * float64(n)
			all = v.objective.add(all, batch[2:])
		}
		targets.FinalizeAll()
		if v.e.Progress != nil {
			v.e.Progress(start+n, v.data.n)
		}
	}
	r.Loss /= float64(r.N)
	if v.classified {
		c.result(r, v.onHost, len(v.data.target.Shape) == 0)
	}
	if v.objective != nil {
		r.Metrics = v.objective.figures(all)
	}
	return r, nil
}

// batch gives the logits and the targets of n images.
func (v *evaluator) batch(start, n int) ([][]float32, *tensors.Tensor, error) {
	targets := tensors.FromShape(shapes.Make(v.data.dtype(), append([]int{n}, v.data.target.Shape...)...))
	var pixels []uint8
	var failed error
	err := targets.MutableFlatData(func(flat any) {
		for k := range n {
			p, err := v.data.take(start+k, 0, k, flat, v.data.classes)
			if err != nil {
				failed = err
				return
			}
			pixels = append(pixels, p...)
		}
	})
	if failed != nil {
		return nil, nil, failed
	}
	if err != nil {
		return nil, nil, err
	}
	logits, err := v.predict(pixels, n)
	if err != nil {
		return nil, nil, err
	}
	if len(logits) != n {
		return nil, nil, fmt.Errorf("train: %d images were given, logits of %d came back", n, len(logits))
	}
	return logits, targets, nil
}

// onDevice gives loss and metrics of a batch.
func (v *evaluator) onDevice(logits [][]float32, targets *tensors.Tensor) ([][]float64, error) {
	flat := slices.Concat(logits...)
	x := tensors.FromFlatDataAndDimensions(flat, append([]int{len(logits)}, v.output...)...)
	defer x.FinalizeAll()
	outputs, err := v.exec.Call(x, targets)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	return numbers(outputs)
}

// count adds the labels of a batch, which begins with image start.
func (v *evaluator) count(c *counts, logits [][]float32, targets *tensors.Tensor, start int) error {
	places := product(v.data.target.Shape)
	var label func(at int) int
	if v.data.dtype() == dtypes.Uint8 {
		labels, err := tensors.CopyFlatData[uint8](targets)
		if err != nil {
			return err
		}
		label = func(at int) int { return int(labels[at]) }
	} else {
		labels, err := tensors.CopyFlatData[int32](targets)
		if err != nil {
			return err
		}
		label = func(at int) int { return int(labels[at]) }
	}
	for i, row := range logits {
		size := len(row) / places
		if size == 0 || len(row)%places != 0 {
			return fmt.Errorf("train: image %d has %d labels, but %d logits", start+i, places, len(row))
		}
		for p := range places {
			l := label(i*places + p)
			if l < 0 || l >= max(2, size) {
				return &LabelError{Image: start + i, Place: placeOf(p, v.data.target.Shape), Label: l, Classes: max(2, size)}
			}
			c.add(row[p*size:(p+1)*size], l)
		}
	}
	return nil
}

// counts are what labels and logits came to so far.
type counts struct {
	weights      []float64 // of the classes; nil: all 1
	loss, weight float64   // sums of the cross entropy and of the labels' weights
	confusion    [][]int
}

// add takes the logits of the classes at one place, or of label 1 alone.
func (c *counts) add(logits []float32, label int) {
	if c.confusion == nil {
		c.confusion = make([][]int, max(2, len(logits)))
		for i := range c.confusion {
			c.confusion[i] = make([]int, len(c.confusion))
		}
	}
	best := 0
	if len(logits) == 1 {
		if logits[0] > 0 {
			best = 1
		}
	} else {
		for i, v := range logits {
			if v > logits[best] {
				best = i
			}
		}
		sum := 0.0 // log-sum-exp, shifted by the largest
		for _, v := range logits {
			sum += math.Exp(float64(v - logits[best]))
		}
		weight := 1.0
		if c.weights != nil {
			weight = c.weights[label]
		}
		c.loss += weight * (math.Log(sum) + float64(logits[best]-logits[label]))
		c.weight += weight
	}
	c.confusion[label][best]++
}

// result writes what came of it; single says that an image has one label.
func (c *counts) result(r *Result, loss, single bool) {
	right, all := 0, 0
	sums := make([]float64, 2*len(c.confusion)) // as MeanIoU.Sums
	for i, row := range c.confusion {
		right += row[i]
		sums[i] = float64(row[i])
		for j, n := range row {
			all += n
			sums[len(row)+i] += float64(n)
			if i != j {
				sums[len(row)+j] += float64(n)
			}
		}
	}
	n := float64(all)
	r.Confusion, r.Accuracy, r.MeanIoU = c.confusion, float64(right)/n, MeanIoU{}.Value(sums)
	if loss {
		r.Loss = c.loss / c.weight
	}
	if single {
		const z = 1.959964 // two-sided 95 % of the normal distribution
		middle := (r.Accuracy + z*z/(2*n)) / (1 + z*z/n)
		half := z / (1 + z*z/n) * math.Sqrt(r.Accuracy*(1-r.Accuracy)/n+z*z/(4*n*n))
		r.Low, r.High = middle-half, middle+half
	}
}
