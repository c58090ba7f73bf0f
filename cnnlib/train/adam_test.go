package train

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
)

// goldenWeight is number k of a weight of testdata/golden.py, in PyTorch's
// order.
func goldenWeight(k, fanIn, salt int) float32 {
	v := (uint64(k)*2654435761 + uint64(salt)*40503) & 0xFFFFFFFF
	v = ((v ^ (v >> 15)) * 2246822519) & 0xFFFFFFFF
	return (float32(v>>8)*0x1p-23 - 1) * float32(1/math.Sqrt(float64(fanIn)))
}

// goldenSide is a weight of testdata/golden.json: ours has its outputs last.
type goldenSide struct {
	path, theirs  string
	dims          []int
	fanIn, salt   int
	area, in, out int
}

// each gives the place of every number, in ours and in theirs.
func (w goldenSide) each(f func(ours, theirs int)) {
	for o := range w.out {
		for c := range w.in {
			for p := range w.area {
				f((p*w.in+c)*w.out+o, (o*w.in+c)*w.area+p)
			}
		}
	}
}

// trainsAsPyTorch compares ten steps: losses and weights.
func trainsAsPyTorch(t *testing.T, b compute.Backend, net cnnlib.Sequential, cfg Config, start, check []goldenSide, losses []float64, want map[string][]float64) {
	t.Helper()
	m, err := cnnlib.New(b, net, []int{8, 8, 1}, cnnlib.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, w := range start {
		values := make([]float32, w.area*w.in*w.out)
		w.each(func(ours, theirs int) { values[ours] = goldenWeight(theirs, w.fanIn, w.salt) })
		if err := m.Store().GetVariable(w.path).SetValue(tensors.FromFlatDataAndDimensions(values, w.dims...)); err != nil {
			t.Fatal(err)
		}
	}
	var got []float64
	cfg.OnStep = func(s Step) { got = append(got, s.Loss) }
	if _, err := Fit(context.Background(), m, bars(16), cfg); err != nil {
		t.Fatal(err)
	}
	for i, want := range losses {
		if math.Abs(got[i]-want) > 1e-5*want {
			t.Errorf("step %d: loss %.8f, PyTorch %.8f", i+1, got[i], want)
		}
	}
	for _, w := range append(start, check...) {
		values := tensors.MustCopyFlatData[float32](m.Store().GetVariable(w.path).MustValue())
		w.each(func(ours, theirs int) {
			if math.Abs(float64(values[ours])-want[w.theirs][theirs]) > 1e-5 {
				t.Errorf("%s[%d]: %.7f, PyTorch %.7f", w.theirs, theirs, values[ours], want[w.theirs][theirs])
			}
		})
	}
}

type goldenFile struct {
	Losses      []float64
	Weights     map[string][]float64
	FastLosses  []float64            `json:"fast losses"`
	FastWeights map[string][]float64 `json:"fast weights"`
}

func readGolden(t *testing.T) (golden goldenFile) {
	t.Helper()
	raw, err := os.ReadFile("testdata/golden.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, &golden); err != nil {
		t.Fatal(err)
	}
	return golden
}

// TestTrainingEqualsPyTorch: loss, gradients and Adam over ten steps.
func TestTrainingEqualsPyTorch(t *testing.T) {
	golden := readGolden(t)
	layout := []goldenSide{
		{"/net/0/weight", "0.weight", []int{3, 3, 1, 4}, 9, 0, 9, 1, 4},
		{"/net/0/bias", "0.bias", []int{4}, 9, 1, 1, 1, 4},
		{"/net/4/weight", "4.weight", []int{36, 2}, 36, 8, 1, 36, 2},
		{"/net/4/bias", "4.bias", []int{2}, 36, 9, 1, 1, 2},
	}
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		net := cnnlib.Sequential{cnnlib.Conv{Out: 4, Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2}, cnnlib.Flatten{}, cnnlib.Dense{Out: 2}}
		trainsAsPyTorch(t, b, net, Config{Epochs: 10, BatchSize: 16, LearningRate: 1e-2}, layout, nil, golden.Losses, golden.Weights)
	})
}

// TestNewLearningRate: a resumed run takes the rate it is given now.
func TestNewLearningRate(t *testing.T) {
	b, cfg := labtest.Go(t), Config{Epochs: 1, BatchSize: 16, Dir: t.TempDir()}
	if _, err := Fit(context.Background(), newModel(t, b), bars(32), cfg); err != nil {
		t.Fatal(err)
	}
	before, after := newModel(t, b), newModel(t, b)
	if _, err := Load(before, cfg.Dir, nil); err != nil {
		t.Fatal(err)
	}
	cfg.Epochs, cfg.LearningRate = 2, 1e-30
	if _, err := Fit(context.Background(), after, bars(32), cfg); err != nil {
		t.Fatal(err)
	}
	was, is := weights(before), weights(after)
	for i := range was {
		if was[i] != is[i] {
			t.Fatalf("weight %d went from %g to %g at a learning rate of 1e-30", i, was[i], is[i])
		}
	}
}
