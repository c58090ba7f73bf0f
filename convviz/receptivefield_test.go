package convviz

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/convviz/internal/picturetest"
)

var threeConvs = cnnlib.Sequential{cnnlib.Conv{Out: 2, Kernel: 3}, cnnlib.ReLU{}, cnnlib.Conv{Out: 2, Kernel: 3}, cnnlib.Conv{Out: 2, Kernel: 3}}

// TestReceptiveFieldNumbers compares the cells drawn for each layer with a walk back
// over random layers, pixel by pixel.
func TestReceptiveFieldNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(51, 52))
	flat := 0
	for drawn := 0; drawn < 200; {
		var net cnnlib.Sequential
		size, sizes := 40, []int{40}
		var convs []cnnlib.Conv
		for range 1 + rng.IntN(4) {
			c := cnnlib.Conv{Out: 1, Kernel: 1 + rng.IntN(4), Padding: rng.IntN(2), Stride: 1, Dilation: 1}
			if rng.IntN(2) == 0 {
				c.Stride = 1 + rng.IntN(2)
			} else {
				c.Dilation = 1 + rng.IntN(3)
			}
			size = (size+2*c.Padding-c.Dilation*(c.Kernel-1)-1)/c.Stride + 1
			sizes, convs, net = append(sizes, size), append(convs, c), append(net, c)
		}
		if size < 1 {
			continue
		}
		p, err := ReceptiveField(net, []int{40, 40, 1})
		if err != nil {
			t.Fatal(err)
		}
		drawn++
		all := picturetest.Parse(t, p.SVG)
		texts := picturetest.Texts(all)
		planes := slices.ContainsFunc(texts, func(s string) bool { return strings.HasSuffix(s, " of 40x40") })
		cells := 0
		units := map[int]bool{(size - 1) / 2: true}
		for i := len(convs); i >= 0; i-- {
			lo, hi := math.MaxInt, math.MinInt
			for u := range units {
				lo, hi = min(lo, u), max(hi, u)
			}
			want := fmt.Sprintf("%d of %d", hi-lo+1, sizes[i])
			if cells += (hi - lo + 1) * (hi - lo + 1); planes {
				want = fmt.Sprintf("%[1]dx%[1]d of %[2]dx%[2]d", hi-lo+1, sizes[i])
			}
			if !slices.Contains(texts, want) {
				t.Fatalf("%+v: no %q for layer %d in %v", convs, want, i, texts)
			}
			if i == 0 {
				break
			}
			below := map[int]bool{}
			for u := range units {
				for k := range convs[i-1].Kernel {
					below[u*convs[i-1].Stride-convs[i-1].Padding+k*convs[i-1].Dilation] = true
				}
			}
			units = below
		}
		if !planes {
			continue
		}
		flat++
		filled := 0
		for _, e := range picturetest.Of(all, "polygon") {
			if e.Attr["fill"] != "none" {
				filled++
			}
		}
		if filled != cells {
			t.Fatalf("%+v: %d cells are drawn in perspective, should be %d", convs, filled, cells)
		}
	}
	if flat < 50 {
		t.Errorf("%d fields were drawn as planes", flat)
	}
}
