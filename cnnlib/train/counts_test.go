package train

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"
)

// many are bars with the labels of many classes, the last of them label last.
type many struct {
	bars
	last int32
}

func (many) Target() Target { return Target{} }

func (m many) Pair(i, epoch int) ([]uint8, []int32) {
	pixels, label := m.bars.Example(i)
	return pixels, []int32{int32(label) * m.last}
}

// TestManyClasses: labels may be larger than a byte.
func TestManyClasses(t *testing.T) {
	b := labtest.Go(t)
	net := cnnlib.Sequential{cnnlib.Conv{Out: 4, Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2}, cnnlib.Flatten{}, cnnlib.Dense{Out: 300}}
	m := modelOf(t, b, net)
	cfg := Config{Epochs: 20, BatchSize: 16, LearningRate: 1e-2, Valid: many{16, 299}}
	if _, err := Fit(context.Background(), m, many{64, 299}, cfg); err != nil {
		t.Fatal(err)
	}
	r, err := Evaluate(context.Background(), m, many{16, 299}, 5)
	if err != nil || r.Confusion[299][299]+r.Confusion[0][0] < 12 || !(r.Low > 0 && r.High < 1.01) {
		t.Errorf("accuracy %g, from %g to %g, %v", r.Accuracy, r.Low, r.High, err)
	}
	var wrong *LabelError
	if _, err := Fit(context.Background(), m, many{64, 300}, cfg); !errors.As(err, &wrong) || wrong.Label != 300 || wrong.Classes != 300 {
		t.Errorf("label 300 of 300 classes: %v", err)
	}
	cfg.Valid = spots(4)
	if _, err := Fit(context.Background(), m, many{64, 299}, cfg); err == nil || !strings.Contains(err.Error(), "(validation)") {
		t.Errorf("other targets in validation: %v", err)
	}
}

// TestCountsOfAFew: loss, accuracy and Wilson's interval of four answers, worked
// out by hand.
func TestCountsOfAFew(t *testing.T) {
	var c counts
	for _, label := range []int{0, 0, 0, 1} {
		c.add([]float32{float32(math.Log(3)), 0}, label) // three quarters for class 0
	}
	var r Result
	c.result(&r, true, true)
	loss := -(3*math.Log(0.75) + math.Log(0.25)) / 4
	if math.Abs(r.Loss-loss) > 1e-6 || r.Accuracy != 0.75 || r.MeanIoU != (3.0/4)/2 {
		t.Errorf("loss %g, accuracy %g, mean IoU %g, want %g, 0.75 and 0.375", r.Loss, r.Accuracy, r.MeanIoU, loss)
	}
	if math.Abs(r.Low-0.3006) > 1e-4 || math.Abs(r.High-0.9544) > 1e-4 {
		t.Errorf("interval %g to %g, want 0.3006 to 0.9544", r.Low, r.High)
	}
}
