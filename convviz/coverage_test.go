package convviz

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"convlab/convviz/internal/picturetest"
)

func TestCoverage(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		for _, c := range []struct {
			rates         []int
			touched, side int
		}{{[]int{2, 2, 2}, 49, 13}, {[]int{1, 2, 3}, 169, 13}, {[]int{1, 2, 4}, 225, 15}, {[]int{1}, 9, 3}} {
			p, err := Coverage(3, c.rates...)
			all := picturetest.Check(t, p, err)
			look(t, "coverage"+strings.ReplaceAll(joined(c.rates), ", ", ""), p)
			want := sayf("%d of %d pixels are read", c.touched, c.side*c.side)
			if texts := picturetest.Texts(all); !slices.Contains(texts, want) {
				t.Errorf("%v: no %q in %v", c.rates, want, texts)
			}
		}
	})
	for i, rates := range [][]int{nil, {0}, {-1}, {100}, {1 << 40}} {
		if _, err := Coverage(3, rates...); err == nil {
			t.Errorf("coverage %d was drawn", i)
		}
	}
	if _, err := Coverage(0, 1); err == nil {
		t.Error("a kernel without weights")
	}
}

// TestCoverageNumbers walks all paths of random layers and compares each
// printed count.
func TestCoverageNumbers(t *testing.T) {
	rng := rand.New(rand.NewPCG(41, 42))
	for range drawings {
		kernel, rates := 1+rng.IntN(4), []int{}
		for range 1 + rng.IntN(3) {
			rates = append(rates, 1+rng.IntN(3))
		}
		paths := map[int]int{0: 1}
		side := 1
		for _, rate := range rates {
			next := map[int]int{}
			for at, n := range paths {
				for k := range kernel {
					next[at+k*rate] += n
				}
			}
			paths = next
			side += (kernel - 1) * rate
		}
		p, err := Coverage(kernel, rates...)
		if err != nil {
			t.Fatal(err)
		}
		if side > 26 {
			continue // drawn without numbers
		}
		var want []string
		for i := range side {
			for j := range side {
				want = append(want, fmt.Sprint(paths[i]*paths[j]))
			}
		}
		texts := picturetest.Texts(picturetest.Parse(t, p.SVG))
		if got := texts[1 : 1+side*side]; !slices.Equal(got, want) {
			t.Fatalf("kernel %d, rates %v: printed %v, want %v", kernel, rates, got, want)
		}
	}
}
