package train

import (
	"context"
	"math"
	"path/filepath"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
)

// spots are 8x8 images of noise with a map of three classes: 2 where a pixel
// is bright, 1 where it is of medium brightness, else 0. Each epoch has others.
type spots int

func (s spots) Len() int { return int(s) }

func (s spots) Target() Target { return Target{Shape: []int{8, 8}, Made: "spots"} }

func (s spots) Pair(i, epoch int) (pixels []uint8, target []uint8) {
	pixels, _ = speckles(s).Example(i + 1000*epoch)
	for _, v := range pixels {
		target = append(target, v/86)
	}
	return pixels, target
}

// mask says where spots are bright: labels 0 and 1, as int32.
type mask int

func (m mask) Len() int { return int(m) }

func (m mask) Target() Target { return Target{Shape: []int{8, 8}} }

func (m mask) Pair(i, epoch int) (pixels []uint8, target []int32) {
	pixels, _ = speckles(m).Example(i)
	for _, v := range pixels {
		target = append(target, int32(v/128))
	}
	return pixels, target
}

// negatives are images with their negative, as bytes.
type negatives int

func (n negatives) Len() int { return int(n) }

func (n negatives) Target() Target { return Target{Kind: Bytes, Shape: []int{8, 8, 1}} }

func (n negatives) Pair(i, epoch int) (pixels []uint8, target []uint8) {
	pixels, _ = speckles(n).Example(i)
	for _, v := range pixels {
		target = append(target, 255-v)
	}
	return pixels, target
}

// brightness is images with their mean brightness and its square, as floats.
type brightness int

func (b brightness) Len() int { return int(b) }

func (b brightness) Target() Target { return Target{Kind: Floats, Shape: []int{2}} }

func (b brightness) Pair(i, epoch int) (pixels []uint8, target []float32) {
	pixels, _ = speckles(b).Example(i)
	sum := float32(0)
	for k := range pixels {
		pixels[k] = uint8(int(pixels[k]) * (i%5 + 1) / 5)
		sum += float32(pixels[k]) / (64 * 255)
	}
	return pixels, []float32{sum, sum * sum}
}

// mapNet gives numbers for each place.
func mapNet(channels int) cnnlib.Sequential {
	return cnnlib.Sequential{cnnlib.Conv{Out: 4, Kernel: 3, Padding: 1}, cnnlib.ReLU{}, cnnlib.Dropout{Rate: 0.1}, cnnlib.Conv{Out: channels, Kernel: 1}}
}

func modelOf(t testing.TB, b compute.Backend, net cnnlib.Sequential) *cnnlib.Model {
	t.Helper()
	m, err := cnnlib.New(b, net, []int{8, 8, 1}, cnnlib.Options{Seed: 3, Mean: []float32{0.5}, Std: []float32{0.25}})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// kindsOfTargets are data sets, networks and losses that go together.
var kindsOfTargets = map[string]struct {
	data  Dataset
	valid Dataset
	net   cnnlib.Sequential
	loss  Loss
	falls float64 // the validation loss, by this factor at least
}{
	"map of labels": {spots(32), spots(10), mapNet(3), nil, 2},
	"binary map":    {mask(32), mask(10), mapNet(1), BinaryCrossEntropy{}, 2},
	"bytes":         {negatives(32), negatives(10), mapNet(1), MeanSquaredError{}, 20},
	"floats":        {brightness(32), brightness(10), cnnlib.Sequential{cnnlib.Flatten{}, cnnlib.Dense{Out: 2}}, MeanSquaredError{}, 4},
}

// TestKindsOfTargets: each kind trains, validates and is evaluated.
func TestKindsOfTargets(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		for name, c := range kindsOfTargets {
			if filepath.Base(t.Name()) == "xla" && name != "bytes" {
				continue // TestEverythingResumes has the others
			}
			cfg := Config{Epochs: 30, BatchSize: 8, LearningRate: 2e-2, Loss: c.loss, Valid: c.valid}
			m := modelOf(t, b, c.net)
			h, err := Fit(context.Background(), m, c.data, cfg)
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			first, last := h[0], h[29]
			if !(last.ValidLoss < first.ValidLoss/c.falls) || !(last.Loss < first.Loss) {
				t.Errorf("%s: from %v to %v", name, first, last)
			}
			labels := strings.Contains(name, "map")
			if first.NoAccuracy == labels || strings.Contains(last.String(), "accuracy") != labels || labels && last.ValidAccuracy < 0.85 {
				t.Errorf("%s: %v", name, last)
			}
			r, err := Evaluation{Loss: c.loss, BatchSize: 10}.Run(context.Background(), m, c.valid)
			if err != nil || math.Abs(r.Loss-last.ValidLoss) > 1e-5*last.ValidLoss || r.Accuracy != last.ValidAccuracy || (r.Confusion != nil) != labels || r.N != 10 {
				t.Errorf("%s: evaluated %+v, %v; the history says %v", name, r, err, last)
			}
			if best := h[h.Best()]; !labels && best.ValidLoss > last.ValidLoss {
				t.Errorf("%s: the best epoch is %v, the last %v", name, best, last)
			}
		}
	})
}
