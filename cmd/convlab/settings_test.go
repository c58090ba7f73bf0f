package main

import (
	"strings"
	"testing"

	"convlab/cnnlib/train"
	"convlab/recipes"
)

// TestSettings: the line is for people, of every recipe and every optimizer.
func TestSettings(t *testing.T) {
	weighted := recipes.Plain()
	weighted.Optimizer, weighted.Loss = train.RMSprop{Centered: true}, train.CrossEntropy{Weights: []float64{1, 2}}
	squares := recipes.Plain()
	squares.Optimizer, squares.Loss = train.AdamW{WeightDecay: 0.05}, train.MeanSquaredError{}
	for want, r := range map[string]recipes.Recipe{
		"batch 256, Adam with learning rate 0.001": recipes.Plain(),
		"batch 500, SGD with learning rate 0.7324, momentum 0.85, weight decay 0.00133, norm bias 64, which begins at 0.2 of that, is full after 0.23 of the steps and ends at 0.07, " +
			"images through Compose([ RandomCrop(32, padding=2, padding_mode='reflect'), AlternatingFlip(), ]), label smoothing 0.2, lookahead, six views of a test image": recipes.Fast(),
		"batch 256, RMSprop with learning rate 0.001, centered, loss cross entropy, weights [1 2]": weighted,
		"batch 256, AdamW with learning rate 0.001, weight decay 0.05, loss mean squared error":    squares,
	} {
		if got := settings(r); got != want {
			t.Errorf("%s:\n%s, want\n%s", r.Name, got, want)
		}
	}
	for _, name := range recipes.Names() {
		r, err := recipes.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := settings(r); strings.ContainsAny(got, "{}&") || strings.Contains(got, "train.") {
			t.Errorf("%s: %s", name, got)
		}
	}
}
