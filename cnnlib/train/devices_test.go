package train

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/gomlx/core/tensors"
)

// speckles are images of noise: no two values are equal, so that rounding
// does not change which one of a window is the largest.
type speckles int

func (s speckles) Len() int { return int(s) }

func (s speckles) Example(i int) ([]uint8, uint8) {
	random, pixels := rand.New(rand.NewPCG(7, uint64(i))), make([]uint8, 64)
	for k := range pixels {
		pixels[k] = uint8(random.Uint32())
	}
	return pixels, uint8(i % 2)
}

// shared has all that a batch's examples have in common: BatchNorm's mean,
// dropout's random numbers, pooling that sees which value was largest.
var shared = cnnlib.Sequential{cnnlib.Conv{Out: 8, Kernel: 3, Padding: 1, NoBias: true}, cnnlib.BatchNorm{}, cnnlib.GELU{}, cnnlib.MaxPool{Size: 2},
	cnnlib.Conv{Out: 8, Kernel: 3}, cnnlib.ReLU{}, cnnlib.Dropout{Rate: 0.25}, cnnlib.Flatten{}, cnnlib.Dense{Out: 2}}

// TestSeveralDevices: two and four devices give the losses of one to 1e-5, and
// a training that was stopped on two goes on as if it was not.
func TestSeveralDevices(t *testing.T) {
	b := labtest.XLA(t)
	if b.NumDevices() < 4 {
		t.Skipf("this XLA plugin shows %d devices, the test needs 4", b.NumDevices())
	}
	for name, cfg := range map[string]Config{"Adam": {Epochs: 3, BatchSize: 16, LearningRate: 1e-2}, "fast": fastLike()} {
		t.Run(name, func(t *testing.T) {
			cfg.Epochs, cfg.Valid = 3, speckles(8)
			run := func(devices int, dir string, stop func(Step) bool) ([]float64, *cnnlib.Model, History) {
				m, err := cnnlib.New(b, shared, []int{8, 8, 1}, cnnlib.Options{Seed: 1})
				if err != nil {
					t.Fatal(err)
				}
				ctx, cancel := context.WithCancel(context.Background())
				defer cancel()
				var losses []float64
				cfg := cfg
				cfg.Devices, cfg.Dir = devices, dir
				cfg.OnStep = func(s Step) {
					losses = append(losses, s.Loss)
					if stop != nil && stop(s) {
						cancel()
					}
				}
				h, err := Fit(ctx, m, speckles(72), cfg) // the last batch has 8
				if err != nil && !errors.Is(err, context.Canceled) {
					t.Fatal(err)
				}
				return losses, m, h
			}
			want, _, history := run(1, "", nil)
			counts := []int{2, 4}
			if name == "Adam" { // a graph for each takes seconds to compile
				counts = []int{2}
			}
			for _, devices := range counts {
				got, m, h := run(devices, "", nil)
				for i := range want {
					if math.Abs(got[i]-want[i]) > 1e-5*want[i] {
						t.Errorf("%d devices, step %d: loss %.8f, one device %.8f", devices, i+1, got[i], want[i])
					}
				}
				if math.Abs(h[2].ValidLoss-history[2].ValidLoss) > 1e-5*history[2].ValidLoss {
					t.Errorf("%d devices: validation loss %.8f, one device %.8f", devices, h[2].ValidLoss, history[2].ValidLoss)
				}
				if name == "Adam" {
					if _, err := Fit(context.Background(), m, speckles(72), Config{BatchSize: 16}); err != nil {
						t.Errorf("one device after %d: %v", devices, err)
					}
				}
			}
			if name == "Adam" {
				return
			}
			_, whole, _ := run(2, "", nil)
			dir := t.TempDir()
			run(2, dir, func(s Step) bool { return s.Epoch == 2 && s.Done == 3 })
			_, parts, _ := run(2, dir, nil)
			for v := range whole.Store().IterVariables() {
				if v.DType() != dtypes.Float32 {
					continue
				}
				other := parts.Store().GetVariable(v.Path()).MustValue()
				if !slices.Equal(tensors.MustCopyFlatData[float32](v.MustValue()), tensors.MustCopyFlatData[float32](other)) {
					t.Errorf("stopped and resumed on two devices: another %s", v.Path())
				}
			}
		})
	}
}

func TestDevicesThatAreNotThere(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		_, err := Fit(context.Background(), newModel(t, b), bars(64), Config{BatchSize: 64, Devices: 64})
		if err == nil || !strings.Contains(err.Error(), "64 devices are wanted") {
			t.Errorf("64 devices: %v", err)
		}
	})
	if _, err := Fit(context.Background(), newModel(t, labtest.Go(t)), bars(64), Config{BatchSize: 9, Devices: 2}); err == nil || !strings.Contains(err.Error(), "shared by 2") {
		t.Errorf("an odd batch: %v", err)
	}
}

// TestMemoryThatIsNotThere: the words that XLA has for it (an allocation that
// large was not tried).
func TestMemoryThatIsNotThere(t *testing.T) {
	r := &run{cfg: Config{BatchSize: 512}}
	err := r.explain(errors.New("RESOURCE_EXHAUSTED: Out of memory while trying to allocate 8589934592 bytes"))
	if !strings.Contains(err.Error(), "512 images on 1 devices: try a smaller batch size") || !strings.Contains(err.Error(), "8589934592") {
		t.Error(err)
	}
	if other := errors.New("INTERNAL: no"); r.explain(other) != other {
		t.Error("another error is changed")
	}
}
