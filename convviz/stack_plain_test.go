package convviz

import (
	"math/rand/v2"
	"strings"
	"testing"

	"convlab/convviz/internal/picturetest"
)

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
