package train

import (
	"context"
	"encoding/json"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
)

// readJSON reads a file of testdata.
func readJSON(t *testing.T, name string, into any) {
	t.Helper()
	raw, err := os.ReadFile(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(raw, into); err != nil {
		t.Fatal(err)
	}
}

// optimizers are the cases of testdata/optimizers.py.
var optimizers = map[string]struct {
	rate      float64
	optimizer Optimizer
}{
	"Adam, all settings":    {1e-2, Adam{Beta1: 0.8, Beta2: 0.95, Epsilon: 1e-3, WeightDecay: 0.1}},
	"AdamW":                 {1e-2, AdamW{}},
	"AdamW, all settings":   {1e-2, AdamW{Beta1: 0.8, Beta2: 0.95, Epsilon: 1e-3, WeightDecay: 2}},
	"SGD":                   {0.1, SGD{}},
	"SGD, classic":          {0.1, SGD{Momentum: 0.9, WeightDecay: 0.01, Classic: true}},
	"SGD, Nesterov":         {0.1, SGD{Momentum: 0.9, WeightDecay: 0.01}},
	"RMSprop":               {1e-3, RMSprop{}},
	"RMSprop, all settings": {1e-3, RMSprop{Alpha: 0.9, Epsilon: 1e-3, WeightDecay: 0.05, Momentum: 0.8, Centered: true}},
}

// TestOptimizersEqualPyTorch over ten steps: losses and weights.
func TestOptimizersEqualPyTorch(t *testing.T) {
	var golden struct {
		Optimizers map[string]struct {
			Losses  []float64
			Weights map[string][]float64
		}
	}
	readJSON(t, "optimizers.json", &golden)
	if len(golden.Optimizers) != len(optimizers) {
		t.Fatalf("%d optimizers in PyTorch, %d here", len(golden.Optimizers), len(optimizers))
	}
	layout := []goldenSide{
		{"/net/1/weight", "1.weight", []int{64, 4}, 64, 2, 1, 64, 4},
		{"/net/1/bias", "1.bias", []int{4}, 64, 3, 1, 1, 4},
		{"/net/3/weight", "3.weight", []int{4, 2}, 4, 6, 1, 4, 2},
		{"/net/3/bias", "3.bias", []int{2}, 4, 7, 1, 1, 2},
	}
	net := cnnlib.Sequential{cnnlib.Flatten{}, cnnlib.Dense{Out: 4}, cnnlib.ReLU{}, cnnlib.Dense{Out: 2}}
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		for name, c := range optimizers {
			if filepath.Base(t.Name()) == "xla" && !strings.Contains(name, "all settings") {
				continue // the same graphs with less in them, and XLA takes its time for each
			}
			t.Run(name, func(t *testing.T) {
				want := golden.Optimizers[name]
				trainsAsPyTorch(t, b, net, Config{Epochs: 10, BatchSize: 16, LearningRate: c.rate, Optimizer: c.optimizer}, layout, nil, want.Losses, want.Weights)
			})
		}
	})
}

func TestOptimizersAreChecked(t *testing.T) {
	for want, o := range map[string]Optimizer{
		"between 0 and 1":              Adam{Beta2: 1},
		"epsilon must be above 0":      Adam{Epsilon: -1},
		"weight decay":                 Adam{WeightDecay: -1},
		"weight decay must not":        AdamW{WeightDecay: math.NaN()},
		"betas must":                   AdamW{Beta1: -0.1},
		"alpha":                        RMSprop{Alpha: 1},
		"RMSprop's epsilon":            RMSprop{Epsilon: -1},
		"momentum must":                RMSprop{Momentum: 1},
		"weight decay must not be":     RMSprop{WeightDecay: -1},
		"classic momentum":             SGD{Classic: true},
		"gives no rates":               lion{silent: true},
		"makes /net/0/weight of shape": lion{wrong: true},
	} {
		_, err := Fit(context.Background(), newModel(t, labtest.Go(t)), images, Config{Optimizer: o})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%T%+v: error %v, want one with %q", o, o, err, want)
		}
	}
}

// TestOptimizersPrint: what a run is told apart by leaves out what is the
// default, so that it does not change when there are more settings.
func TestOptimizersPrint(t *testing.T) {
	for want, o := range map[string]Optimizer{
		"":                                       Adam{Beta1: 0.9},
		"train.Adam{Beta2:0.99 WeightDecay:0.1}": Adam{Beta2: 0.99, WeightDecay: 0.1},
		"train.AdamW{}":                          AdamW{WeightDecay: 0.01},
		"train.SGD{Momentum:0.9 WeightDecay:0.0001 NormBias:0}":         SGD{Momentum: 0.9, WeightDecay: 1e-4},
		"train.SGD{Momentum:0 WeightDecay:1e-05 NormBias:64}":           SGD{WeightDecay: 1e-5, NormBias: 64},
		"train.SGD{Momentum:0.9 WeightDecay:0 NormBias:0 Classic:true}": SGD{Momentum: 0.9, Classic: true},
		"train.RMSprop{Momentum:0.5 Centered:true}":                     RMSprop{Momentum: 0.5, Centered: true},
		"train.lion{silent:false wrong:false}":                          lion{},
	} {
		if got := (Config{Optimizer: o}).how(); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

// TestOldRunsGoOn: runs that were begun before there were other optimizers,
// losses and targets, and were stopped in their second epoch, come to the
// weights that they had come to then.
func TestOldRunsGoOn(t *testing.T) {
	b := labtest.Go(t)
	var final map[string][]float32
	readJSON(t, "resume/final.json", &final)
	adam, fast := settings, fastLike()
	adam.Epochs, fast.Epochs = 3, 3
	for name, cfg := range map[string]Config{"adam": adam, "fast": fast} {
		cfg.Dir = t.TempDir()
		if err := os.CopyFS(cfg.Dir, os.DirFS(filepath.Join("testdata", "resume", name))); err != nil {
			t.Fatal(err)
		}
		m := newModel(t, b)
		steps := 0
		cfg.OnStep = func(Step) { steps++ }
		h, err := Fit(context.Background(), m, images, cfg)
		if err != nil || len(h) != 3 || steps != 5 {
			t.Fatalf("%s: %d epochs, %d steps, %v", name, len(h), steps, err)
		}
		for i, got := range weights(m) {
			if want := final[name][i]; math.Abs(float64(got-want)) > 1e-6 { // another processor may round in another way
				t.Fatalf("%s: weight %d is %g, was %g", name, i, got, want)
			}
		}
		if h[0].Accuracy == 0 || h[1].Accuracy == 0 || h[0].NoAccuracy {
			t.Errorf("%s: the history is %v", name, h)
		}
	}
}

// lion is an optimizer as another package may have one (Chen et al. 2023), which
// remembers something of another shape too: the number of its steps.
type lion struct{ silent, wrong bool }

func (lion) Check() error { return nil }

func (l lion) Rates(learningRate float64, step int) []float32 {
	if l.silent {
		return nil
	}
	return []float32{float32(learningRate), float32(step)}
}

func (l lion) Update(w *Weight) *graph.Node {
	if l.wrong {
		return graph.ReduceAllSum(w.Value)
	}
	m := w.Remembered("mean")
	step := graph.Sign(graph.Add(graph.MulScalar(m, 0.9), graph.MulScalar(w.Gradient, 0.1)))
	w.Remember("mean", graph.Add(graph.MulScalar(m, 0.99), graph.MulScalar(w.Gradient, 0.01)))
	steps := graph.AddScalar(w.Remembered("steps", 1), 1)
	w.Remember("steps", steps)
	slower := graph.Div(w.Rates[0], graph.Sqrt(steps))
	return graph.Sub(w.Value, graph.Mul(graph.Reshape(slower), step))
}

// TestOptimizersAreForgotten: whatever an optimizer remembers, one of another
// package too, is gone when training begins anew.
func TestOptimizersAreForgotten(t *testing.T) {
	b := labtest.Go(t)
	m := newModel(t, b)
	before := m.Store().NumVariables()
	for _, o := range []Optimizer{lion{}, Adam{}, AdamW{}, SGD{Momentum: 0.9}, RMSprop{Centered: true, Momentum: 0.5}, lion{}} {
		start := newModel(t, b)
		for _, path := range []string{"/net/0/weight", "/net/0/bias", "/net/5/weight", "/net/5/bias", "/#rngState"} {
			value, err := start.Store().GetVariable(path).MustValue().LocalClone()
			if err == nil {
				err = m.Store().GetVariable(path).SetValue(value)
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		cfg := Config{Epochs: 2, BatchSize: 16, Optimizer: o, LearningRate: 1e-2}
		for _, m := range []*cnnlib.Model{m, start} {
			if _, err := Fit(context.Background(), m, images, cfg); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(weights(m), weights(start)) {
			t.Errorf("%T: something of the optimizer before is left", o)
		}
	}
	if err := forget(m); err != nil || m.Store().NumVariables() != before {
		t.Errorf("%d variables, %d at first; %v", m.Store().NumVariables(), before, err)
	}
}
