package train

import (
	"context"
	"math"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"
)

// TestClassWeights: weights of classes move the network to the class that
// counts more, and Evaluate's loss is PyTorch's weighted mean.
func TestClassWeights(t *testing.T) {
	b := labtest.Go(t)
	m, err := cnnlib.New(b, cnnlib.Sequential{cnnlib.Flatten{}, cnnlib.Dense{Out: 2}}, []int{8, 8, 1}, cnnlib.Options{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	loss := CrossEntropy{Weights: []float64{3, 0.5}}
	r, err := Evaluation{Loss: loss, BatchSize: 3}.Run(context.Background(), m, bars(16))
	if err != nil {
		t.Fatal(err)
	}
	sum, weight := 0.0, 0.0
	for i := range 16 {
		pixels, label := bars(16).Example(i)
		logits, err := m.Predict(pixels, 1)
		if err != nil {
			t.Fatal(err)
		}
		p := cnnlib.Softmax(logits[0])
		sum -= loss.Weights[label] * math.Log(float64(p[label]))
		weight += loss.Weights[label]
	}
	if want := sum / weight; math.Abs(r.Loss-want) > 1e-6 {
		t.Errorf("loss %g, want %g", r.Loss, want)
	}
}
