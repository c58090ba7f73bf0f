package train

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
	"testing"

	"convlab/augment"
	"convlab/cnnlib"
	"convlab/internal/labtest"
)

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
