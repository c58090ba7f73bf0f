package convviz

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

// TestSlideNumbers draws random layers and reads all printed numbers back from
// every frame: they must be those of a plain loop over the definition.
func TestSlideNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(11, 12))
	drawn := 0
	for drawn < 220 {
		s := Slide{Input: table(rng, 1+rng.IntN(6), 1+rng.IntN(6)), Kernel: table(rng, 1+rng.IntN(3), 1+rng.IntN(3)), Stride: 1 + rng.IntN(3),
			Padding: rng.IntN(3), Dilation: 1 + rng.IntN(3), Transposed: rng.IntN(2) == 0}
		if len(s.Input) == 1 || len(s.Input[0]) == 1 {
			s.Padding = 0 // the 1D case pads one axis only
			if len(s.Kernel) == 1 || len(s.Kernel[0]) == 1 {
				continue
			}
		}
		want := plain(s)
		f, err := s.Film()
		if want == nil {
			if err == nil {
				t.Fatalf("%+v has no output, but was drawn", s)
			}
			continue
		}
		if err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
		drawn++
		checkFrames(t, s, f, want)
	}
}

// TestEveryNumberOfASlide compares all that is printed in the last step of
// random slides, as a multiset.
func TestEveryNumberOfASlide(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(201, 202))
	for drawn := 0; drawn < drawings; {
		s := Slide{Title: "slide", Input: table(rng, 2+rng.IntN(4), 2+rng.IntN(4)), Kernel: table(rng, 1+rng.IntN(3), 1+rng.IntN(3)),
			Stride: 1 + rng.IntN(3), Padding: rng.IntN(3), Dilation: 1 + rng.IntN(2)}
		out := plain(s)
		if out == nil {
			continue
		}
		drawn++
		f, err := s.Film()
		if err != nil {
			t.Fatal(err)
		}
		h, w, kh, kw := len(s.Input), len(s.Input[0]), len(s.Kernel), len(s.Kernel[0])
		want := []string{"slide", "*", "=", fmt.Sprintf("input %dx%d", h, w), fmt.Sprintf("kernel %dx%d", kh, kw), fmt.Sprintf("output %dx%d", len(out), len(out[0]))}
		for range (h+2*s.Padding)*(w+2*s.Padding) - h*w {
			want = append(want, "0") // padding
		}
		for _, rows := range [][][]float64{s.Input, s.Kernel, out} {
			for _, v := range flat(rows) {
				want = append(want, figure(v))
			}
		}
		for _, v := range flat(s.Kernel) { // at the corners of the window
			want = append(want, "×"+figure(v))
		}
		// The step's words are broken into lines; all the rest is one number each.
		words := strings.Fields(f.Alt[f.Frames-1])
		got, line := []string{}, []string{}
		for _, text := range printed(t, f.Picture, nil) {
			if next := strings.Fields(text); len(line) < len(words) && len(next) > 0 && len(line)+len(next) <= len(words) &&
				slices.Equal(next, words[len(line):len(line)+len(next)]) {
				line = append(line, next...)
			} else {
				got = append(got, text)
			}
		}
		if !slices.Equal(line, words) {
			t.Fatalf("%+v: the words %q are printed as %q", s, words, line)
		}
		if !slices.Equal(sorted(got), sorted(want)) {
			t.Fatalf("%+v: printed %q, want %q", s, sorted(got), sorted(want))
		}
	}
}
