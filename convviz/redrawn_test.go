package convviz

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// hexOf is a colour as an SVG has it.
func hexOf(c draw.Color) string {
	r, g, b, _ := c.RGBA()
	return fmt.Sprintf("#%02x%02x%02x", r>>8, g>>8, b>>8)
}

// TestStackOf: a stack of a layer is that of its settings typed by hand.
func TestStackOf(t *testing.T) {
	rng := rand.New(rand.NewPCG(401, 402))
	in, one := volume(rng, 4, 4, 4), volume(rng, 4, 2, 2)
	two := [][][][]float64{volume(rng, 2, 2, 2), volume(rng, 2, 2, 2)}
	for _, c := range []struct {
		layer   cnnlib.Layer
		filters [][][][]float64
		want    Stack
	}{
		{cnnlib.Conv{Stride: 2, Padding: 1}, [][][][]float64{one}, Stack{Input: in, Kernel: one, Stride: 2, Padding: 1}},
		{cnnlib.Conv{Dilation: 2, Groups: 2}, two, Stack{Input: in, Filters: two, Dilation: 2, Groups: 2}},
		{cnnlib.TransposedConv{Stride: 2, Padding: 1}, [][][][]float64{one}, Stack{Input: in, Kernel: one, Stride: 2, Padding: 1, Transposed: true}},
	} {
		s, err := StackOf(c.layer, in, c.filters...)
		got, filmErr := s.Film()
		want, wantErr := c.want.Film()
		if err := errors.Join(err, filmErr, wantErr); err != nil {
			t.Fatal(err)
		}
		if got.SVG != want.SVG {
			t.Errorf("%s: %q, should be %q", c.layer.Name(), got.Picture.Alt, want.Picture.Alt)
		}
	}
	for _, l := range []cnnlib.Layer{cnnlib.Conv{Same: true}, cnnlib.TransposedConv{Groups: 2}, cnnlib.TransposedConv{OutputPadding: 1}, cnnlib.MaxPool{Size: 2}} {
		if _, err := StackOf(l, in, one); err == nil {
			t.Errorf("a stack of %#v is made", l)
		}
	}
}

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

// TestSheetsAndLanes counts what stands for channels in random chains: a sheet
// each up to eight, red, green and blue of a photo, two stacks for two groups.
func TestSheetsAndLanes(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(407, 408))
	for range drawings {
		channels, groups := 1+rng.IntN(8), 1+rng.IntN(4)
		net := cnnlib.Sequential{cnnlib.Conv{Out: groups * (1 + rng.IntN(3)), Kernel: 3}, cnnlib.ReLU{}, cnnlib.MaxPool{Size: 2},
			cnnlib.Conv{Out: groups * channels, Kernel: 1, Groups: groups}}
		p, err := Network(net, []int{16, 16, 3})
		all := picturetest.Check(t, p, err)
		fills := map[string]int{}
		for _, e := range picturetest.Of(all, "rect") {
			fills[e.Attr["fill"]]++
		}
		first := net[0].(cnnlib.Conv).Out / groups
		for i := range groups {
			hue := draw.Color(draw.Blue)
			if groups > 1 {
				hue = draw.LaneHue(i)
			}
			want := 2*first + channels // the first layer, its pool, the second
			if got := fills[hexOf(draw.Tint(hue, 0.22))]; got != want {
				t.Fatalf("%d groups of %d and %d channels: %d sheets in lane %d, want %d", groups, first, channels, got, i, want)
			}
		}
		for i, c := range draw.RGB {
			if fills[hexOf(draw.Tint(c, 0.22))] != 1 {
				t.Fatalf("the photo's plane %d is there %d times", i, fills[hexOf(draw.Tint(c, 0.22))])
			}
		}
	}
}
