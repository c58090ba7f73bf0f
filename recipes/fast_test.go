package recipes

import (
	"context"
	"slices"
	"strings"
	"testing"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
)

// TestFastTrains: it learns what is easy, the fixed weights stay, and cut in
// two it gives the same weights.
func TestFastTrains(t *testing.T) {
	images := smooth(96)
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		r := Fast()
		r.Net, r.BatchSize, r.Epochs, r.Rate = fastNet(8, 8, 8), 32, 4, 0.05
		fit := func(stops int, dir string) (*cnnlib.Model, train.History) {
			var m *cnnlib.Model
			var history train.History
			for range stops + 1 {
				var err error
				if m, err = r.Model(b, images, 1); err != nil {
					t.Fatal(err)
				}
				cfg := r.Config(1)
				cfg.Dir = dir
				ctx, cancel := context.WithCancel(context.Background())
				if stops > 0 {
					cfg.OnStep = func(s train.Step) {
						if s.Epoch == 2 && s.Done == 2 {
							cancel()
						}
					}
				}
				history, err = train.Fit(ctx, m, r.Images(images, 1), cfg)
				if err != nil && ctx.Err() == nil {
					t.Fatal(err)
				}
				cancel()
			}
			return m, history
		}
		whole, history := fit(0, t.TempDir())
		parts, _ := fit(1, t.TempDir())
		if first, last := history[0].Loss, history[3].Loss; !(last < first) {
			t.Errorf("loss from %g to %g", first, last)
		}
		start, err := r.Model(b, images, 1)
		if err != nil {
			t.Fatal(err)
		}
		for v := range start.Store().IterVariables() {
			if !strings.HasPrefix(v.Path(), "/net/") {
				continue
			}
			value := func(m *cnnlib.Model) []float32 {
				return tensors.MustCopyFlatData[float32](m.Store().GetVariable(v.Path()).MustValue())
			}
			if !slices.Equal(value(whole), value(parts)) {
				t.Errorf("%s is another in the training that was cut", v.Path())
			}
			if fixed := slices.Equal(value(start), value(whole)); fixed == (v.Trainable || strings.Contains(v.Path(), "running")) {
				t.Errorf("%s: trained %t, but the same as before %t", v.Path(), v.Trainable, fixed)
			}
		}
		if _, err := r.Evaluate(context.Background(), whole, &cifar.Images{Pixels: images.Pixels[:3072*4], Labels: images.Labels[:4]}); err != nil {
			t.Error(err)
		}
	})
}
