package convviz

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

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

// TestStackNumbers compares the output numbers drawn last with a plain loop.
func TestStackNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(71, 72))
	for drawn := 0; drawn < 200; {
		s := Stack{Input: volume(rng, 1+rng.IntN(3), 1+rng.IntN(3), 1+rng.IntN(3)), Stride: 1 + rng.IntN(2), Padding: rng.IntN(2), Volume: rng.IntN(2) == 0, Bias: float64(rng.IntN(5) - 2)}
		kd, pd, sd := len(s.Input), 0, 1
		if s.Volume {
			kd, pd, sd = 1+rng.IntN(2), s.Padding, s.Stride
		}
		s.Kernel = volume(rng, kd, 1+rng.IntN(2), 1+rng.IntN(2))
		side := func(n, k, p, step int) int { return int(math.Floor(float64(n+2*p-k)/float64(step))) + 1 }
		d, h, w := side(len(s.Input), kd, pd, sd), side(len(s.Input[0]), len(s.Kernel[0]), s.Padding, s.Stride), side(len(s.Input[0][0]), len(s.Kernel[0][0]), s.Padding, s.Stride)
		if d < 1 || h < 1 || w < 1 {
			continue
		}
		var want []string
		for z := range d {
			for y := range h {
				for x := range w {
					sum := s.Bias
					for a, rows := range s.Kernel {
						for b, row := range rows {
							for c, k := range row {
								i, j, l := z*sd-pd+a, y*s.Stride-s.Padding+b, x*s.Stride-s.Padding+c
								if i >= 0 && i < len(s.Input) && j >= 0 && j < len(s.Input[0]) && l >= 0 && l < len(s.Input[0][0]) {
									sum += k * s.Input[i][j][l]
								}
							}
						}
					}
					want = append(want, figure(sum))
				}
			}
		}
		f, err := s.Film()
		if err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
		drawn++
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
