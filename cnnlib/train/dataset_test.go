package train

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"math"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convlab/augment"
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

// TestMapsAreMeasuredPlaceByPlace compares with a plain loop.
func TestMapsAreMeasuredPlaceByPlace(t *testing.T) {
	m, data := modelOf(t, labtest.Go(t), mapNet(3)), spots(7)
	r, err := Evaluation{BatchSize: 3, Metrics: []Metric{MeanIoU{}, TopK{K: 2}}}.Run(context.Background(), m, data)
	if err != nil {
		t.Fatal(err)
	}
	var confusion [3][3]float64
	loss, second := 0.0, 0.0
	for i := range 7 {
		pixels, target := data.Pair(i, 0)
		logits, err := m.Predict(pixels, 1)
		if err != nil {
			t.Fatal(err)
		}
		for at, label := range target {
			row := logits[0][3*at : 3*at+3]
			p := cnnlib.Softmax(row)
			loss -= math.Log(float64(p[label])) / (7 * 64)
			best, above := 0, 0
			for c, v := range row {
				if v > row[best] {
					best = c
				}
				if v > row[label] {
					above++
				}
			}
			confusion[label][best]++
			if above < 2 {
				second += 1.0 / (7 * 64)
			}
		}
	}
	right, iou := 0.0, 0.0
	for c := range 3 {
		union := -confusion[c][c]
		for k := range 3 {
			union += confusion[c][k] + confusion[k][c]
			if r.Confusion[c][k] != int(confusion[c][k]) {
				t.Errorf("class %d taken for %d: %d times, want %g", c, k, r.Confusion[c][k], confusion[c][k])
			}
		}
		right += confusion[c][c] / (7 * 64)
		iou += confusion[c][c] / union / 3
	}
	near := func(name string, got, want float64) {
		if math.Abs(got-want) > 1e-6 {
			t.Errorf("%s %g, want %g", name, got, want)
		}
	}
	near("loss", r.Loss, loss)
	near("accuracy", r.Accuracy, right)
	near("mean IoU", r.MeanIoU, iou)
	near(r.Metrics[0].Name, r.Metrics[0].Value, iou)
	near(r.Metrics[1].Name, r.Metrics[1].Value, second)
	if r.Low != 0 || r.High != 0 {
		t.Errorf("interval from %g to %g of labels that are not independent", r.Low, r.High)
	}
	with, err := EvaluateWith(context.Background(), m.Predict, data, 4)
	if err != nil {
		t.Fatal(err)
	}
	near("EvaluateWith: loss", with.Loss, loss)
	near("EvaluateWith: mean IoU", with.MeanIoU, iou)
}

// offset are bars whose labels begin with from.
type offset struct {
	bars
	from uint8
}

func (o offset) Example(i int) ([]uint8, uint8) {
	pixels, label := o.bars.Example(i)
	return pixels, label + o.from
}

// wrongMap has another label at one place of its image 5.
type wrongMap struct {
	spots
	label uint8
}

func (w wrongMap) Pair(i, epoch int) ([]uint8, []uint8) {
	pixels, target := w.spots.Pair(i, epoch)
	if i == 5 {
		target[8*2+7] = w.label
	}
	return pixels, target
}

// TestLabelsOutsideTheClasses: they are an error that names the image, in
// training and in evaluation, and no step sees them.
func TestLabelsOutsideTheClasses(t *testing.T) {
	b := labtest.Go(t)
	ctx := context.Background()
	var got *LabelError
	steps := 0
	cfg := Config{BatchSize: 64, OnStep: func(Step) { steps++ }}
	_, err := Fit(ctx, newModel(t, b), offset{64, 1}, cfg)
	if !errors.As(err, &got) || steps != 0 || got.Image%2 != 1 || got.Label != 2 || got.Classes != 2 ||
		err.Error() != fmt.Sprintf("train: image %d of the data set has label 2, but there are 2 classes, 0 to 1", got.Image) {
		t.Errorf("labels 1 and 2 of two classes: %d steps, %v", steps, err)
	}
	cfg.Valid = offset{64, 1}
	if _, err := Fit(ctx, newModel(t, b), images, cfg); !errors.As(err, &got) || got.Image != 1 || !strings.Contains(err.Error(), "validation") {
		t.Errorf("in validation: %v", err)
	}
	cfg.Valid = nil
	if _, err := Evaluate(ctx, newModel(t, b), offset{64, 1}, 10); !errors.As(err, &got) || got.Image != 1 {
		t.Errorf("in evaluation: %v", err)
	}
	if _, err := EvaluateWith(ctx, newModel(t, b).Predict, offset{64, 1}, 10); !errors.As(err, &got) || got.Image != 1 {
		t.Errorf("in evaluation with a function: %v", err)
	}
	m := modelOf(t, b, mapNet(3))
	for _, run := range []func() error{
		func() error { return second(Fit(ctx, m, wrongMap{8, 3}, cfg)) },
		func() error { return second(Evaluate(ctx, m, wrongMap{8, 3}, 2)) },
		func() error { return second(EvaluateWith(ctx, m.Predict, wrongMap{8, 3}, 2)) },
	} {
		if err := run(); !errors.As(err, &got) || got.Image != 5 || !slices.Equal(got.Place, []int{2, 7}) || got.Label != 3 || got.Classes != 3 {
			t.Errorf("in a map: %v", err)
		}
	}
	if _, err := Fit(ctx, m, wrongMap{8, 2}, cfg); err != nil {
		t.Errorf("a map without a wrong label: %v", err)
	}
}

// wrapped is what a user writes to do something on the way, and forgets what
// it wraps.
type wrapped struct{ Dataset }

// only are the first examples of an augmented data set, and keep its methods.
type only struct {
	*augment.Dataset
	n int
}

func (o only) Len() int { return o.n }

// halfAugmented has Batches, and Example for the labels.
type halfAugmented struct{ colours }

func (h halfAugmented) Batches(ctx context.Context, order []int, size, epoch int) iter.Seq2[[]uint8, error] {
	return augmented(1).Batches(ctx, order, size, epoch)
}

// bad is a Paired data set with a target that cannot be.
type bad struct {
	brightness
	target Target
}

func (b bad) Target() Target { return b.target }

// TestNothingIsLostInAWrapper: a type around an augmented data set either keeps
// the augmentation or is refused.
func TestNothingIsLostInAWrapper(t *testing.T) {
	b := labtest.Go(t)
	cfg := settings
	cfg.Valid = nil
	fit := func(data Dataset) ([]float32, error) {
		m := newColourModel(t, b)
		_, err := Fit(context.Background(), m, data, cfg)
		return weights(m), err
	}
	want, err := fit(augmented(1))
	if err != nil {
		t.Fatal(err)
	}
	same := augmented(2)
	if got, err := fit(only{same, same.Len()}); err != nil || !slices.Equal(got, want) {
		t.Errorf("embedded: other weights, or %v", err)
	}
	if got, err := fit(only{same, 40}); err != nil || slices.Equal(got, want) {
		t.Errorf("the first 40: the same weights, or %v", err)
	}
	for text, data := range map[string]Dataset{
		"train.wrapped gives no examples":               wrapped{augmented(1)},
		"is no Augmented data set":                      halfAugmented{60},
		"has 61 images, the data set behind it only 60": only{same, 61},
		"gives labels as Float32":                       bad{8, Target{Shape: []int{2}}},
		"with a size below 1":                           bad{8, Target{Kind: Floats, Shape: []int{0}}},
	} {
		if _, err := fit(data); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%T: error %v, want one with %q", data, err, text)
		}
	}
	if r, err := Evaluate(context.Background(), newColourModel(t, b), augmented(1), 10); err != nil || r.N != 60 {
		t.Errorf("evaluated: %+v, %v", r, err)
	}
	wrong := bad{8, Target{Kind: Floats, Shape: []int{3}}}
	if _, err := Fit(context.Background(), modelOf(t, b, cnnlib.Sequential{cnnlib.Flatten{}, cnnlib.Dense{Out: 3}}), wrong, Config{Loss: MeanSquaredError{}}); err == nil ||
		!strings.Contains(err.Error(), "has 2 numbers, should have 3") {
		t.Errorf("a target of another size: %v", err)
	}
}

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
