// Package tests holds the tests that span the rooms: real data, real training.
package tests

import (
	"context"
	"testing"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/internal/labtest"
)

// TestRealTraining trains both networks of the lesson on the 50,000 images
// with the lesson's settings. PyTorch reached 49.5 % and 57.3 % of the test
// images in as many epochs.
func TestRealTraining(t *testing.T) {
	xla, dir := labtest.XLA(t), labtest.Data(t)
	data, err := cifar.Open(context.Background(), dir)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name   string
		net    cnnlib.Sequential
		epochs int
		want   float64
	}{
		{"3.1", nets.LeNet(), 5, 0.48},
		{"3.2", nets.LessonNet(), 2, 0.54},
	} {
		t.Run(c.name, func(t *testing.T) {
			m, err := cnnlib.New(xla, c.net, nets.CIFARInput(), cnnlib.Options{Seed: 1, Mean: cifar.Mean[:], Std: cifar.Std[:]})
			if err != nil {
				t.Fatal(err)
			}
			history, err := train.Fit(context.Background(), m, data.Train, train.Config{Epochs: c.epochs, BatchSize: 256, LearningRate: 1e-3, Seed: 1})
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range history {
				t.Log(e)
			}
			r, err := train.Evaluate(context.Background(), m, data.Test, 100)
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("network %s after %d epochs: %.2f %% of the %d test images, 95 %% interval %.2f to %.2f %%",
				c.name, c.epochs, 100*r.Accuracy, r.N, 100*r.Low, 100*r.High)
			if r.Accuracy < c.want {
				t.Errorf("network %s: %.2f %% after %d epochs, want at least %.0f %%", c.name, 100*r.Accuracy, c.epochs, 100*c.want)
			}
			if steps := history[0].Steps; steps != 196 {
				t.Errorf("%d steps an epoch, want 196", steps)
			}
		})
	}
}
