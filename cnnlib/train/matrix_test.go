package train

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/tensors"
)

// task is a data set with a network, a loss and metrics that suit it.
type task struct {
	name    string
	data    Dataset
	net     cnnlib.Sequential
	loss    Loss
	metrics []Metric
}

// tasks are some of every kind, of n images each.
func tasks(n int) []task {
	classes := cnnlib.Sequential{cnnlib.Flatten{}, cnnlib.Dropout{Rate: 0.25}, cnnlib.Dense{Out: 2}}
	return []task{
		{"cross entropy", bars(n), classes, CrossEntropy{Smoothing: 0.1, Weights: []float64{1, 2}}, []Metric{TopK{K: 1}}},
		{"Dice", spots(n), mapNet(3), Dice{}, []Metric{MeanIoU{}}},
		{"map", spots(n), mapNet(3), CrossEntropy{Weights: []float64{1, 2, 1}}, []Metric{MeanIoU{}, TopK{K: 2}}},
		{"function", bars(n), classes, LossFunc(hinge), []Metric{MeanLoss{"cross entropy", CrossEntropy{}}}},
		{"binary", mask(n), mapNet(1), BinaryCrossEntropy{}, []Metric{MeanIoU{}}},
		{"squares", negatives(n), mapNet(1), MeanSquaredError{}, nil},
		{"numbers", brightness(n), classes, MeanSquaredError{}, []Metric{MeanLoss{"binary", BinaryCrossEntropy{}}}},
	}
}

// TestEverythingResumes: training that was stopped, within an epoch and between
// two, comes to the same bits, weights and history, whatever it is made of:
// each loss and kind of target with each optimizer. XLA, which takes its time to
// compile, has each of our losses with another optimizer, one of them in
// bfloat16. An epoch has 3 steps, the last of them a smaller batch; on XLA 2.
func TestEverythingResumes(t *testing.T) {
	moves := []Optimizer{Adam{WeightDecay: 0.1}, AdamW{}, SGD{Momentum: 0.9}, SGD{Momentum: 0.9, Classic: true}, RMSprop{Centered: true, Momentum: 0.5}, lion{}}
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		n, stops, xla := 20, []int{2, 3, 4}, filepath.Base(t.Name()) == "xla"
		if xla {
			n, stops = 16, []int{3}
		}
		for i, o := range tasks(n) {
			for j, optimizer := range moves {
				if xla && (i%len(moves) != j || o.name == "function" || o.name == "numbers") {
					continue
				}
				cfg := Config{Epochs: 3, BatchSize: 8, LearningRate: 1e-2, Seed: 4, Loss: o.loss, Metrics: o.metrics, Optimizer: optimizer, Valid: o.data, Lookahead: j%2 == 0}
				resumes(t, fmt.Sprintf("%s with %T", o.name, optimizer), func() *cnnlib.Model {
					m, err := cnnlib.New(b, o.net, []int{8, 8, 1}, cnnlib.Options{Seed: 3, BFloat16: xla && o.name == "map"})
					if err != nil {
						t.Fatal(err)
					}
					return m
				}, o.data, cfg, stops)
			}
		}
	})
}

// resumes compares training as a whole with one that is stopped after these
// steps.
func resumes(t *testing.T, name string, newModel func() *cnnlib.Model, data Dataset, cfg Config, stops []int) {
	t.Helper()
	whole := newModel()
	want, err := Fit(context.Background(), whole, data, cfg)
	if err != nil {
		t.Errorf("%s: %v", name, err)
		return
	}
	cfg.Dir = t.TempDir()
	var m *cnnlib.Model
	var got History
	done := 0
	for range len(stops) + 1 {
		m = newModel()
		ctx, cancel := context.WithCancel(context.Background())
		cut := cfg
		cut.OnStep = func(Step) {
			if done++; slices.Contains(stops, done) {
				cancel()
			}
		}
		got, err = Fit(ctx, m, data, cut)
		cancel()
		if err != nil && !errors.Is(err, context.Canceled) {
			t.Errorf("%s: %v", name, err)
			return
		}
	}
	sameTraining(t, name, m, whole, got, want)
}

// sameTraining compares a training in pieces with one as a whole: history and
// all variables.
func sameTraining(t *testing.T, name string, m, whole *cnnlib.Model, got, want History) {
	t.Helper()
	if len(got) != len(want) {
		t.Errorf("%s: %d epochs, want %d", name, len(got), len(want))
		return
	}
	for i := range got {
		got[i].Seconds, got[i].Waited, want[i].Seconds, want[i].Waited = 0, 0, 0, 0
		if a, b := fmt.Sprintf("%+v", got[i]), fmt.Sprintf("%+v", want[i]); a != b {
			t.Errorf("%s: in pieces %s, as a whole %s", name, a, b)
		}
	}
	for v := range whole.Store().IterVariables() {
		other := m.Store().GetVariable(v.Path())
		if other == nil {
			t.Errorf("%s: in pieces there is no %s", name, v.Path())
		} else if v.DType() == dtypes.Float32 && !slices.Equal(tensors.MustCopyFlatData[float32](v.MustValue()), tensors.MustCopyFlatData[float32](other.MustValue())) {
			t.Errorf("%s: in pieces another %s", name, v.Path())
		}
	}
}

// TestOtherTargetsOnDevices: maps of labels are shared by two devices as labels
// are, and the figures are those of one.
func TestOtherTargetsOnDevices(t *testing.T) {
	b := labtest.XLA(t)
	if b.NumDevices() < 2 {
		t.Skipf("this XLA plugin shows %d devices, the test needs 2", b.NumDevices())
	}
	for _, o := range tasks(16) {
		if o.name != "map" {
			continue
		}
		cfg := Config{Epochs: 2, BatchSize: 8, LearningRate: 1e-2, Loss: o.loss, Metrics: o.metrics, Optimizer: AdamW{}}
		var lines []string
		for _, devices := range []int{1, 2} {
			cfg.Devices = devices
			h, err := Fit(context.Background(), modelOf(t, b, o.net), o.data, cfg)
			if err != nil {
				t.Fatalf("%s on %d devices: %v", o.name, devices, err)
			}
			h[1].Seconds = 0
			lines = append(lines, h[1].String())
		}
		if lines[0] != lines[1] {
			t.Errorf("%s: one device %q, two %q", o.name, lines[0], lines[1])
		}
	}
}
