package train

import (
	"context"
	"math"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"
)

// lone is one image of one white pixel with the target 1.
type lone struct{}

func (lone) Len() int { return 1 }

func (lone) Target() Target { return Target{Kind: Floats, Shape: []int{1}} }

func (lone) Pair(int, int) ([]uint8, []float32) { return []uint8{255}, []float32{1} }

// TestRMSpropStep: of the loss (w − 1)² with w = 3, the gradient is 4, its mean
// square 0.01·16, and the step ten times the learning rate; with momentum the
// next one adds to 0.9 of it.
func TestRMSpropStep(t *testing.T) {
	b := labtest.Go(t)
	for _, c := range []struct {
		optimizer RMSprop
		want      float64 // after two steps
	}{
		{RMSprop{}, 3 - 0.1*10 - 0.1*2/math.Sqrt(0.99*0.16+0.01*4)},
		{RMSprop{Momentum: 0.9}, 3 - 0.1*10 - 0.1*(9+2/math.Sqrt(0.99*0.16+0.01*4))},
	} {
		m, err := cnnlib.New(b, cnnlib.Sequential{cnnlib.Flatten{}, cnnlib.Dense{Out: 1, NoBias: true}}, []int{1, 1, 1}, cnnlib.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if err := m.SetWeight("1", "weight", []float32{3}); err != nil {
			t.Fatal(err)
		}
		if _, err := Fit(context.Background(), m, lone{}, Config{Epochs: 2, BatchSize: 1, LearningRate: 0.1, Optimizer: c.optimizer, Loss: MeanSquaredError{}}); err != nil {
			t.Fatal(err)
		}
		w, _, err := m.Weight("1", "weight")
		if err != nil || math.Abs(float64(w[0])-c.want) > 1e-5 {
			t.Errorf("%s: weight %g, %v, want %g", c.optimizer, w[0], err, c.want)
		}
	}
}
