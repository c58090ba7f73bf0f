package convviz

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// TestFactorNumbers reads the three kernels and their product back.
func TestFactorNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(405, 406))
	some := func() []float64 { return table(rng, 1, 1+rng.IntN(4))[0] }
	for range drawings {
		a, d, r := some(), some(), some()
		p, err := Factors(a, d, r)
		all := picturetest.Check(t, p, err)
		few, many := len(a)+len(d)+len(r), len(a)*len(d)*len(r)
		want := []string{fmt.Sprintf("%d + %d + %d = %d weights", len(a), len(d), len(r), few), fmt.Sprintf("%d · %d · %d = %d weights", len(a), len(d), len(r), many),
			fmt.Sprintf("full %dx%dx%d", len(a), len(d), len(r)), "one along each axis", "Three kernels of one dimension and the full one", "→"}
		for i := range a {
			name := fmt.Sprintf("slice %d", i)
			if draw.Width(name, 10, false) > slantX*float64(len(d))-9 {
				name = fmt.Sprint(i)
			}
			want = append(want, name)
		}
		for _, part := range [][]float64{a, d, r} {
			for _, v := range part {
				want = append(want, figure(v))
			}
		}
		for _, x := range a {
			for _, y := range d {
				for _, z := range r {
					want = append(want, figure(x*y*z))
				}
			}
		}
		if got := picturetest.Texts(all); !slices.Equal(sorted(got), sorted(want)) {
			t.Fatalf("%v, %v, %v:\nprinted %q\nwant    %q", a, d, r, sorted(got), sorted(want))
		}
	}
	for i, bad := range [][3][]float64{{nil, {1}, {1}}, {{1}, {1}, make([]float64, 9)}} {
		if _, err := Factors(bad[0], bad[1], bad[2]); err == nil {
			t.Errorf("factors %d were drawn", i)
		}
	}
}
