package convviz

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// TestEveryNumberOfAStack compares all that is printed in the last step of
// random groups, as a multiset: the planes, all kernels at once, partial maps
// where something is added up, and the maps. It looks for each group's colour
// on its planes, kernels and maps.
func TestEveryNumberOfAStack(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(403, 404))
	depthwise := 0
	for drawn := 0; drawn < drawings; {
		s, out := randomStack(rng)
		if out == nil || s.Volume || s.Filters == nil {
			continue
		}
		if rng.IntN(2) == 0 {
			s.Bias = 0
			if s, out = depthwiseOf(s, rng); out == nil {
				continue
			}
			depthwise++
		}
		drawn++
		f, err := s.Film()
		if err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
		b, err := s.check()
		if err != nil {
			t.Fatal(err)
		}
		var want []string
		add := func(values ...float64) {
			for _, v := range values {
				want = append(want, figure(v))
			}
		}
		add(flat3(s.Input)...)
		for _, filter := range s.Filters {
			add(flat3(filter)...)
		}
		add(flat3(out)...)
		slices1 := len(s.Filters[0])
		if slices1 > 1 || s.Bias != 0 { // what was added up last, or everything if each map has a place of its own
			for filter := range s.Filters {
				if b.perGroup > 1 && filter != len(s.Filters)-1 {
					continue
				}
				for i := range slices1 {
					part := s
					part.Filters, part.Kernel, part.Groups, part.Bias, part.Names = nil, [][][]float64{s.Filters[filter][i]}, 0, 0, nil
					part.Input = s.Input[b.first(filter)+i : b.first(filter)+i+1]
					made, err := part.check()
					if err != nil {
						t.Fatal(err)
					}
					add(made.computed...)
				}
			}
		}
		all := picturetest.Parse(t, f.SVG)
		var got []string
		for _, text := range picturetest.Texts(all) {
			if !strings.ContainsAny(text, "abcdefghijklmnopqrstuvwxyz=·+") { // no label, no formula
				got = append(got, text)
			}
		}
		if !slices.Equal(sorted(got), sorted(want)) {
			t.Fatalf("%+v:\nprinted %q\nwant    %q", s, sorted(got), sorted(want))
		}
		if b.groups() < 2 {
			continue
		}
		for g := range b.groups() {
			light, kernels := hexOf(draw.Tint(draw.Hue(g), 0.12)), hexOf(draw.Tint(draw.Hue(g), 0.22))
			count := map[string]int{}
			for _, e := range picturetest.Of(all, "rect") {
				count[e.Attr["fill"]]++
			}
			pixels := slices1*len(s.Input[0])*len(s.Input[0][0]) + b.perGroup*b.out[1]*b.out[2]
			if slices1 > 1 || s.Bias != 0 {
				pixels += slices1 * b.out[1] * b.out[2]
			}
			if count[light] != pixels || count[kernels] != b.perGroup*len(flat3(s.Filters[0])) {
				t.Fatalf("%+v: group %d has %d cells and %d weights of its colour, should have %d and %d", s, g, count[light], count[kernels], pixels, b.perGroup*len(flat3(s.Filters[0])))
			}
		}
	}
	if depthwise < drawings/4 {
		t.Errorf("%d were depthwise", depthwise)
	}
}

// depthwiseOf gives the stack a kernel for each channel.
func depthwiseOf(s Stack, rng *rand.Rand) (Stack, [][][]float64) {
	h, w := len(s.Filters[0][0]), len(s.Filters[0][0][0])
	s.Filters, s.Groups = nil, len(s.Input)
	var out [][][]float64
	for i := range s.Input {
		kernel := table(rng, h, w)
		s.Filters = append(s.Filters, [][][]float64{kernel})
		plane := plain(Slide{Input: s.Input[i], Kernel: kernel, Stride: max(s.Stride, 1), Padding: s.Padding, Dilation: max(s.Dilation, 1)})
		if plane == nil {
			return s, nil
		}
		out = append(out, plane)
	}
	if len(out)*len(out[0])*len(out[0][0]) > maxSteps {
		return s, nil
	}
	return s, out
}
