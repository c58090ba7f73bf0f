package cnnlib

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"convlab/internal/labtest"

	"github.com/gomlx/gomlx/core/tensors"
)

// TestCompare: a weight that was moved shows from its layer on.
func TestCompare(t *testing.T) {
	b := labtest.Go(t)
	in := []int{10, 10, 3}
	separable := Sequential{SeparableConv{Out: 4, Kernel: 3}, ReLU{}, Dropout{Rate: 0.5}, Conv{Out: 4, Kernel: 3}, Flatten{}, Dense{Out: 5}}
	apart := Sequential{DepthwiseConv{Kernel: 3}, Conv{Out: 4, Kernel: 1}, ReLU{}, Conv{Out: 4, Kernel: 3}, Flatten{}, Dense{Out: 5}}
	model := func(net Sequential) *Model {
		m, err := New(b, net, in, Options{Seed: 2})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	a, other := model(separable), model(apart)
	pairs := map[string]string{"0/depthwise/weight": "0/weight", "0/depthwise/bias": "0/bias", "0/pointwise/weight": "1/weight", "0/pointwise/bias": "1/bias",
		"3/weight": "3/weight", "3/bias": "3/bias", "5/weight": "5/weight", "5/bias": "5/bias"}
	for from, to := range pairs {
		value, err := a.Store().GetVariable("/net/" + from).Value()
		if err != nil {
			t.Fatal(err)
		}
		flat, err := tensors.CopyFlatData[float32](value)
		if err != nil {
			t.Fatal(err)
		}
		if to == "3/weight" {
			flat[0] += 0.5
		}
		if err := other.Store().GetVariable("/net/" + to).SetValue(tensors.FromFlatDataAndDimensions(flat, value.Shape().Dimensions...)); err != nil {
			t.Fatal(err)
		}
	}
	pixels := make([]uint8, 300)
	for i := range pixels {
		pixels[i] = uint8(i * 91)
	}
	c, err := Compare(t.Context(), a, other, pixels)
	if err != nil {
		t.Fatal(err)
	}
	if len(c) != 7 { // the pixels and six steps, without Dropout
		t.Fatalf("%d rows:\n%s", len(c), c)
	}
	for i, d := range c {
		if i < 4 && d.Max != 0 || i >= 4 && !(d.Max > 1e-3) {
			t.Errorf("step %d (%s) differs by %g", i, d.A, d.Max)
		}
		if d.Mean > d.Max || d.Quantiles[0] > d.Quantiles[2] || d.Quantiles[2] > d.Max {
			t.Errorf("step %d: mean %g, quantiles %v, largest %g", i, d.Mean, d.Quantiles, d.Max)
		}
	}
	if text := c.String(); !strings.Contains(text, "Conv 4@3x3") || strings.Count(text, "\n") != 8 || !strings.Contains(c.HTML(), "<td>Dense 5</td>") {
		t.Errorf("table:\n%s", text)
	}
	for want, net := range map[string]Sequential{
		"step 4 is Conv 4@3x3 with output [6 6 4]": {SeparableConv{Out: 4, Kernel: 3}, ReLU{}, Conv{Out: 4, Kernel: 1}, Flatten{}, Dense{Out: 5}},
		"6 steps without Dropout, the other 7":     append(append(Sequential{}, separable...), Tanh{}),
	} {
		if _, err := Compare(t.Context(), a, model(net), pixels); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v", want, err)
		}
	}
}

func TestDifferenceOfOddNumbers(t *testing.T) {
	inf, nan := float32(math.Inf(1)), float32(math.NaN())
	for _, c := range []struct {
		a, b float32
		want float64
	}{{inf, inf, 0}, {nan, nan, 0}, {nan, 1, math.Inf(1)}, {inf, -inf, math.Inf(1)}, {1, inf, math.Inf(1)}, {0, 0, 0}} {
		if d := difference([]float32{c.a}, []float32{c.b}); d.Max != c.want || fmt.Sprint(d.Relative(0)) != "0" {
			t.Errorf("%g and %g: %+v", c.a, c.b, d)
		}
	}
}
