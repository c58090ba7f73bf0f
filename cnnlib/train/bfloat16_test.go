package train

import (
	"context"
	"math"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"

	"github.com/gomlx/compute/dtypes"
)

// TestBFloat16: in bfloat16, which keeps 8 bits of a number, the losses are
// near those in float32, and the weights stay float32.
func TestBFloat16(t *testing.T) {
	b := labtest.XLA(t)
	net := cnnlib.Sequential{cnnlib.Conv{Out: 8, Kernel: 3, NoBias: true}, cnnlib.BatchNorm{}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2},
		cnnlib.Conv{Out: 8, Kernel: 3, Padding: 1}, cnnlib.GELU{}, cnnlib.AvgPool{Size: 3}, cnnlib.Flatten{}, cnnlib.Dense{Out: 2}}
	var losses [2][]float64
	for i, half := range []bool{false, true} {
		m, err := cnnlib.New(b, net, []int{8, 8, 1}, cnnlib.Options{Seed: 1, BFloat16: half})
		if err != nil {
			t.Fatal(err)
		}
		cfg := Config{Epochs: 10, BatchSize: 16, LearningRate: 1e-2, OnStep: func(s Step) { losses[i] = append(losses[i], s.Loss) }}
		if _, err := Fit(context.Background(), m, bars(64), cfg); err != nil {
			t.Fatal(err)
		}
		for v := range m.Store().IterVariables() {
			if v.DType() != dtypes.Float32 && v.DType() != dtypes.Uint64 {
				t.Errorf("%s is %s", v.Path(), v.DType())
			}
		}
		r, err := Evaluate(context.Background(), m, bars(16), 16)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("bfloat16 %t: loss from %.4f to %.4f, accuracy %.2f", half, losses[i][0], losses[i][39], r.Accuracy)
		if r.Accuracy < 0.9 {
			t.Errorf("bfloat16 %t: accuracy %.2f", half, r.Accuracy)
		}
	}
	if a, b := losses[0][0], losses[1][0]; a == b || math.Abs(a-b) > 0.02*a {
		t.Errorf("first loss %g in float32, %g in bfloat16", a, b)
	}
}
