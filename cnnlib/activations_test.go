package cnnlib

import (
	"math"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/tensors"
)

// TestSteps: the parts in sequence are the network.
func TestSteps(t *testing.T) {
	net := Sequential{SeparableConv{Out: 6, Kernel: 3}, ReLU{}, SpatialConv{Out: 4, Kernel: 3}, FlattenedConv{Out: 6, Kernel: 3},
		ShuffledConv{Out: 6, Kernel: 3, Groups: 3}, Flatten{}, Dropout{Rate: 0.5}, Dense{Out: 5}}
	in := []int{12, 12, 3}
	root, err := Resolve(net, in)
	if err != nil {
		t.Fatal(err)
	}
	steps := root.Steps()
	want := []string{"/net/0/depthwise", "/net/0/pointwise", "/net/1", "/net/2/axis0", "/net/2/axis1", "/net/3/channels", "/net/3/axis0",
		"/net/3/axis1", "/net/4", "/net/4", "/net/5", "/net/6", "/net/7"}
	for i, s := range steps {
		if s.Scope() != want[i] {
			t.Errorf("step %d (%s) is at %s, want %s", i, s.Title(), s.Scope(), want[i])
		}
	}
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		m, err := New(b, net, in, Options{Seed: 3, Mean: []float32{.1, .2, .3}, Std: []float32{.5, .6, .7}})
		if err != nil {
			t.Fatal(err)
		}
		pixels := make([]uint8, 12*12*3)
		for i := range pixels {
			pixels[i] = uint8(i * 37)
		}
		logits, err := m.Predict(pixels, 1)
		if err != nil {
			t.Fatal(err)
		}
		all, err := m.Activations(pixels)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) != len(want) {
			t.Fatalf("%d outputs of %d steps", len(all), len(want))
		}
		last, err := tensors.CopyFlatData[float32](all[len(all)-1])
		if err != nil {
			t.Fatal(err)
		}
		for i, v := range logits[0] {
			if math.Abs(float64(v-last[i])) > 1e-6 {
				t.Errorf("logit %d is %g, the last step gives %g", i, v, last[i])
			}
		}
		if _, err := m.Activations(pixels[1:]); err == nil {
			t.Error("an image of the wrong size")
		}
	})
}
