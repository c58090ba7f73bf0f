package train

import (
	"context"
	"fmt"

	"convlab/cnnlib"
)

// Result is how well a model does on a data set. Accuracy, MeanIoU and
// Confusion exist for labels, one or many an image; for other targets they
// are 0 and nil.
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

// Run measures m on data with dropout off.
func (e Evaluation) Run(ctx context.Context, m *cnnlib.Model, data Dataset) (*Result, error) {
	v, err := newEvaluator(m, e, data)
	if err != nil {
		return nil, err
	}
	defer v.close()
	return v.run(ctx)
}

// Evaluate measures m on data in batches of the given size with dropout off;
// the loss is cross entropy. Each function of progress is called after every
// batch.
func Evaluate(ctx context.Context, m *cnnlib.Model, data Dataset, batchSize int, progress ...func(done, n int)) (*Result, error) {
	if batchSize < 1 {
		return nil, fmt.Errorf("train: batch size must be above 0, got %d", batchSize)
	}
	return Evaluation{BatchSize: batchSize, Progress: each(progress)}.Run(ctx, m, data)
}

// EvaluateWith does what Evaluate does for anything that returns the logits
// of n images, n slices with a number for each class. The data set must have
// labels or maps of labels.
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
