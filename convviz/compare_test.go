package convviz

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/convviz/internal/picturetest"
)

func TestDifferences(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		c := cnnlib.Comparison{
			{A: "input", B: "input", Output: []int{8, 8, 3}, Scale: 2},
			{A: "Conv 4@3x3", B: "Conv 4@3x3", Scale: 2, Max: 4e-6, Mean: 2e-7, Quantiles: [3]float64{1e-7, 1e-6, 2e-6}},
			{A: "Dense 5", B: "Dense 5", Scale: 4, Max: 2, Mean: 0.5, Quantiles: [3]float64{0.1, 1, 1}},
			{A: "ReLU", B: "ReLU", Scale: 1, Max: math.Inf(1), Mean: math.Inf(1)},
		}
		p, err := Differences(c)
		all := picturetest.Check(t, p, err)
		look(t, "differences", p)
		texts := picturetest.Texts(all)
		for _, want := range []string{"2e-06", "5e-01", "0", "+Inf", say("largest"), "1 Conv 4@3x3"} {
			if !slices.Contains(texts, want) {
				t.Errorf("no %q in %v", want, texts)
			}
		}
		p, err = Differences(c[:3])
		all = picturetest.Check(t, p, err)
		if want := sayf("largest: %.2g after %s", 0.5, "2 Dense 5"); !slices.Contains(picturetest.Texts(all), want) {
			t.Errorf("no %q in %v", want, picturetest.Texts(all))
		}
	})
	if _, err := Differences(nil); err == nil {
		t.Error("nothing was drawn")
	}
}

// TestManyDifferences: networks with more steps than fit in one table.
func TestManyDifferences(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		for _, n := range []int{27, 104, 431} {
			var c cnnlib.Comparison
			for i := range n {
				c = append(c, cnnlib.Difference{A: fmt.Sprintf("4.0.1.%d BatchNorm", i), Scale: 1, Max: float64(1+i*7%n) / 1e6})
			}
			p, err := Differences(c)
			all := picturetest.Check(t, p, err)
			picturetest.Apart(t, all)
			look(t, fmt.Sprint("differences-", n), p)
			texts := strings.Join(picturetest.Texts(all), "\n")
			if shown := strings.Contains(texts, sayf("%d of %d shown", 104, n)); shown != (n > 104) {
				t.Errorf("%d steps: %q", n, texts)
			}
			for i := 1; i < n; i++ { // i·7 mod n is another for each i
				_, row, there := strings.Cut(texts, fmt.Sprintf("\n%d 4.0.1", i))
				if want := i*7%n >= n-104; there != want || there && row[0] != '.' {
					t.Errorf("%d steps: step %d is there: %v, should be: %v", n, i, there, want)
				}
			}
		}
	})
}
