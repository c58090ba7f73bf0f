package train

import (
	"context"
	"fmt"
	"slices"

	"convlab/cnnlib"
	"convlab/internal/geometry"
	"convlab/internal/stop"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
)

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
			return nil, fmt.Errorf("train: %w", &stop.Error{Says: fmt.Sprintf("evaluation stopped after %d of %d images", start, v.data.n), Cause: err})
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
			if all, err = v.objective.add(all, batch[2:]); err != nil {
				return nil, err
			}
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
	places := geometry.Volume(v.data.target.Shape)
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
				return &LabelError{Image: start + i, Place: geometry.Unravel(p, v.data.target.Shape), Label: l, Classes: max(2, size)}
			}
			c.add(row[p*size:(p+1)*size], l)
		}
	}
	return nil
}
