package convviz

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/convviz/internal/picturetest"
)

func volume(rng *rand.Rand, d, h, w int) [][][]float64 {
	p := make([][][]float64, d)
	for i := range p {
		p[i] = table(rng, h, w)
	}
	return p
}

func TestStackOfTheLesson(t *testing.T) {
	rng := rand.New(rand.NewPCG(61, 62))
	channels := Stack{Input: volume(rng, 3, 5, 5), Kernel: volume(rng, 3, 3, 3), Bias: 1, Names: []string{"red", "green", "blue"}}
	cube := Stack{Input: volume(rng, 5, 5, 5), Kernel: volume(rng, 3, 3, 3), Volume: true}
	inBoth(t, func(t *testing.T) {
		for name, c := range map[string]struct {
			s     Stack
			steps int
		}{"channels": {channels, 9}, "volume": {cube, 27}, "five channels": {Stack{Input: cube.Input, Kernel: volume(rng, 5, 3, 3)}, 9},
			"padded": {Stack{Input: channels.Input[:2], Kernel: channels.Kernel[:2], Padding: 1, Stride: 2, Volume: true}, 18}} {
			f, err := c.s.Film()
			if err != nil {
				t.Fatal(err)
			}
			picturetest.Check(t, f.Picture, nil)
			lookFilm(t, strings.ReplaceAll(name, " ", ""), f)
			box, err := c.s.Isometric()
			if err != nil {
				t.Fatal(err)
			}
			picturetest.Check(t, box.Picture, nil)
			lookFilm(t, strings.ReplaceAll(name, " ", "")+"-isometric", box)
			if box.Frames != f.Frames || len(box.Animated) > 300_000 {
				t.Errorf("%s: %d isometric steps, %d bytes", name, box.Frames, len(box.Animated))
			}
			if f.Frames != c.steps {
				t.Errorf("%s has %d steps, should have %d", name, f.Frames, c.steps)
			}
			if !strings.Contains(f.Alt[0], sayf("%d products", len(flat3(c.s.Kernel)))) {
				t.Error(f.Alt[0])
			}
			if len(f.Animated) > 300_000 {
				t.Errorf("%s takes %d bytes", name, len(f.Animated))
			}
		}
	})
	wrong := channels
	wrong.Output = volume(rng, 1, 3, 3)
	for i, bad := range []Stack{{}, {Input: channels.Input}, wrong, {Input: channels.Input, Kernel: cube.Kernel[:2]}, {Input: channels.Input, Kernel: cube.Kernel, Bias: math.NaN()},
		{Input: channels.Input, Kernel: channels.Kernel, Names: []string{"a"}}, {Input: channels.Input, Kernel: channels.Kernel, Padding: 1 << 40},
		{Input: channels.Input, Kernel: channels.Kernel, Stride: -1}, {Input: [][][]float64{{{1}}, {{1, 2}}}, Kernel: channels.Kernel}} {
		if _, err := bad.Film(); err == nil {
			t.Errorf("stack %d was drawn", i)
		}
	}
}

// randomStack is a stack with its output by the definition; nil: it has none.
func randomStack(rng *rand.Rand) (s Stack, want [][][]float64) {
	s = Stack{Input: volume(rng, 1+rng.IntN(4), 1+rng.IntN(4), 1+rng.IntN(4)), Stride: 1 + rng.IntN(2), Padding: rng.IntN(2),
		Dilation: 1 + rng.IntN(2), Volume: rng.IntN(2) == 0, Bias: float64(rng.IntN(5) - 2)}
	kd, pd, sd, dd := len(s.Input), 0, 1, 1
	if s.Volume {
		kd, pd, sd, dd = 1+rng.IntN(2), s.Padding, s.Stride, s.Dilation
	}
	kh, kw := 1+rng.IntN(2), 1+rng.IntN(2)
	var filters [][][][]float64
	perGroup := 1
	if s.Volume || rng.IntN(2) == 0 {
		s.Kernel = volume(rng, kd, kh, kw)
		filters = [][][][]float64{s.Kernel}
	} else {
		groups := 1
		if len(s.Input)%2 == 0 {
			groups = 1 + rng.IntN(2)
		}
		perGroup, kd = 1+rng.IntN(2), len(s.Input)/groups
		for range perGroup * groups {
			s.Filters = append(s.Filters, volume(rng, kd, kh, kw))
		}
		s.Groups, filters = groups, s.Filters
	}
	side := func(n, k, p, step, gap int) int { return int(math.Floor(float64(n+2*p-gap*(k-1)-1)/float64(step))) + 1 }
	d, h, w := side(len(s.Input), kd, pd, sd, dd), side(len(s.Input[0]), kh, s.Padding, s.Stride, s.Dilation), side(len(s.Input[0][0]), kw, s.Padding, s.Stride, s.Dilation)
	if !s.Volume {
		d = 1
	}
	if d < 1 || h < 1 || w < 1 || d*h*w*len(filters) > maxSteps {
		return s, nil
	}
	for f, filter := range filters {
		for z := range d {
			plane := make([][]float64, h)
			for y := range plane {
				for x := range w {
					sum := s.Bias
					for a, rows := range filter {
						for b, row := range rows {
							for c, k := range row {
								i, j, l := z*sd-pd+a*dd, y*s.Stride-s.Padding+b*s.Dilation, x*s.Stride-s.Padding+c*s.Dilation
								if !s.Volume {
									i = f/perGroup*kd + a
								}
								if i >= 0 && i < len(s.Input) && j >= 0 && j < len(s.Input[0]) && l >= 0 && l < len(s.Input[0][0]) {
									sum += k * s.Input[i][j][l]
								}
							}
						}
					}
					plane[y] = append(plane[y], sum)
				}
			}
			want = append(want, plane)
		}
	}
	return s, want
}

// TestStackNumbers compares the output numbers of both films, drawn last, and
// every step's words with a plain loop.
func TestStackNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(71, 72))
	films := func(s Stack) []func() (*Film, error) {
		if len(s.Filters) > 1 {
			return []func() (*Film, error){s.Film}
		}
		return []func() (*Film, error){s.Film, s.Isometric}
	}
	for drawn := 0; drawn < 200; {
		s, out := randomStack(rng)
		if out == nil {
			continue
		}
		drawn++
		s.Output = out
		var want []string
		for _, v := range flat3(out) {
			want = append(want, figure(v))
		}
		for _, film := range films(s) {
			f, err := film()
			if err != nil {
				t.Fatalf("%+v: %v", s, err)
			}
			var got []string
			for _, e := range picturetest.Of(picturetest.Parse(t, f.Animated), "text") {
				if e.First >= 0 && e.Attr["font-weight"] == "bold" {
					got = append(got, e.Text)
				}
			}
			if !slices.Equal(got, want) {
				t.Fatalf("%+v: drawn %v, want %v", s, got, want)
			}
			for i, words := range f.Alt {
				if !strings.HasSuffix(words, fmt.Sprint(" = ", want[i])) {
					t.Fatalf("%+v: step %d says %q, want %s", s, i, words, want[i])
				}
			}
		}
	}
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
