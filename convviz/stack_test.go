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

func TestFiltersAndGroups(t *testing.T) {
	rng := rand.New(rand.NewPCG(63, 64))
	six := Stack{Input: volume(rng, 4, 4, 4), Groups: 2}
	for range 6 {
		six.Filters = append(six.Filters, volume(rng, 2, 3, 3))
	}
	inBoth(t, func(t *testing.T) {
		f, err := six.Film()
		if err != nil {
			t.Fatal(err)
		}
		picturetest.Check(t, f.Picture, nil)
		lookFilm(t, "groups-film", f)
		if f.Frames != 6*4 || len(f.Animated) > 300_000 {
			t.Errorf("%d steps, %d bytes", f.Frames, len(f.Animated))
		}
	})
	if _, err := six.Isometric(); err == nil {
		t.Error("six kernels in one box")
	}
	both, three, volume := six, six, six
	both.Kernel, three.Groups, volume.Volume = six.Filters[0], 3, true
	for i, bad := range []Stack{both, three, volume, {Input: six.Input, Filters: six.Filters}, {Input: six.Input, Filters: [][][][]float64{}},
		{Input: six.Input, Filters: [][][][]float64{six.Filters[0], {{{1}}, {{2}}}}, Groups: 2}, {Input: six.Input, Filters: six.Filters, Groups: -1},
		{Input: six.Input, Filters: six.Filters, Groups: 2, Dilation: 1 << 40}} {
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

// TestStackTransposed compares the drawn output with stamps added up.
func TestStackTransposed(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(75, 76))
	for drawn := 0; drawn < 200; {
		k := 1 + rng.IntN(2)
		s := Stack{Input: volume(rng, 1+rng.IntN(2), 1+rng.IntN(3), 1+rng.IntN(3)), Stride: 1 + rng.IntN(2), Padding: rng.IntN(2),
			Dilation: 1 + rng.IntN(2), Volume: rng.IntN(2) == 0, Transposed: true}
		kd := k
		if !s.Volume {
			kd = len(s.Input)
		}
		s.Kernel = volume(rng, kd, k, k)
		side := func(n int) int { return (n-1)*s.Stride - 2*s.Padding + s.Dilation*(k-1) + 1 }
		d, h, w := 1, side(len(s.Input[0])), side(len(s.Input[0][0]))
		if s.Volume {
			d = side(len(s.Input))
		}
		if d < 1 || h < 1 || w < 1 || s.Padding > s.Dilation*(k-1) || d*h*w > maxSteps {
			if _, err := s.Film(); err == nil {
				t.Fatalf("%+v has no output of a size that is drawn, but was drawn", s)
			}
			continue
		}
		drawn++
		for range d {
			s.Output = append(s.Output, make([][]float64, h))
			for y := range h {
				s.Output[len(s.Output)-1][y] = make([]float64, w)
			}
		}
		for i, rows := range s.Input {
			for r, row := range rows {
				for c, v := range row {
					for a, kernel := range s.Kernel {
						for b, taps := range kernel {
							for e, tap := range taps {
								z, y, x := 0, r*s.Stride+b*s.Dilation-s.Padding, c*s.Stride+e*s.Dilation-s.Padding
								if s.Volume {
									z = i*s.Stride + a*s.Dilation - s.Padding
								} else if a != i {
									continue
								}
								if z >= 0 && z < d && y >= 0 && y < h && x >= 0 && x < w {
									s.Output[z][y][x] += v * tap
								}
							}
						}
					}
				}
			}
		}
		f, err := s.Isometric() // compares with Output
		if err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
		for i, v := range flat3(s.Output) {
			if !strings.HasSuffix(f.Alt[i], " = "+figure(v)) {
				t.Fatalf("%+v: step %d says %q, want %g", s, i, f.Alt[i], v)
			}
		}
	}
	cube := Stack{Input: volume(rng, 2, 2, 2), Kernel: volume(rng, 3, 3, 3), Volume: true, Transposed: true, Stride: 2, Padding: 1}
	inBoth(t, func(t *testing.T) {
		f, err := cube.Isometric()
		if err != nil {
			t.Fatal(err)
		}
		picturetest.Check(t, f.Picture, nil)
		lookFilm(t, "transposed-isometric", f)
		picturetest.Golden(t, "isometric-"+Language(), f.PNG)
	})
	wide, many, huge, deep := cube, cube, cube, cube
	wide.Kernel, many.Filters, huge.Stride, deep.Padding = volume(rng, 3, 3, 2), [][][][]float64{cube.Kernel}, 1<<40, 3
	for i, bad := range []Stack{{Transposed: true}, wide, many, huge, deep} {
		if _, err := bad.Film(); err == nil {
			t.Errorf("transposed stack %d was drawn", i)
		}
	}
}
