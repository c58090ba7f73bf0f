package train

import (
	"context"
	"fmt"
	"math"

	"convlab/cnnlib"
)

// Result is how a model does on a data set.
type Result struct {
	N              int
	Loss, Accuracy float64
	Low, High      float64 // 95 % Wilson score interval of Accuracy
	Confusion      [][]int // [true class][predicted class]
}

// Evaluate measures m on data in batches, dropout off. Each of progress is
// called after each batch.
func Evaluate(ctx context.Context, m *cnnlib.Model, data Dataset, batchSize int, progress ...func(done, n int)) (*Result, error) {
	return EvaluateWith(ctx, m.Predict, data, batchSize, progress...)
}

// EvaluateWith is Evaluate for anything that gives the logits of n images.
func EvaluateWith(ctx context.Context, predict func(pixels []uint8, n int) ([][]float32, error), data Dataset, batchSize int, progress ...func(done, n int)) (*Result, error) {
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
		logits, err := predict(pixels, len(labels))
		if err != nil {
			return nil, err
		}
		for i, row := range logits {
			if err := r.add(row, labels[i]); err != nil {
				return nil, fmt.Errorf("train: example %d: %w", start+i, err)
			}
		}
		for _, call := range progress {
			call(start+len(labels), data.Len())
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
