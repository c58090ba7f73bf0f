package convviz

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/convviz/internal/picturetest"
)

// band is lesson 1.2.1: the 5x5 band image and its kernel.
var band = Slide{
	Input:  [][]float64{{1, 1, 1, 0, 0}, {0, 1, 1, 1, 0}, {0, 0, 1, 1, 1}, {0, 0, 1, 1, 0}, {0, 1, 1, 0, 0}},
	Kernel: [][]float64{{1, 0, 1}, {0, 1, 0}, {1, 0, 1}},
	Output: [][]float64{{4, 3, 4}, {2, 4, 3}, {2, 3, 4}},
}

// stamps is lesson 1.4.1.
var stamps = Slide{
	Input: [][]float64{{1, 2}, {3, 4}}, Kernel: [][]float64{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, Transposed: true,
	Output: [][]float64{{1, 4, 7, 6}, {7, 23, 33, 24}, {19, 53, 63, 42}, {21, 52, 59, 36}},
}

func lookFilm(t *testing.T, name string, f *Film) {
	t.Helper()
	look(t, name, f.Picture)
	dir := os.Getenv("LOOK")
	if dir == "" {
		return
	}
	html, err := FilmHTML(f)
	if err != nil {
		t.Fatal(err)
	}
	for ending, text := range map[string]string{".html": html, ".anim.svg": f.Animated} {
		if err := os.WriteFile(filepath.Join(dir, name+"-"+Language()+ending), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func TestSlideOfTheLesson(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		for name, s := range map[string]Slide{"slide": band, "stamp": stamps,
			"dilated": {Input: band.Input, Kernel: [][]float64{{1, -2}, {0.5, 4}}, Dilation: 2, Padding: 1, Stride: 2},
			"one":     {Input: [][]float64{{1, 2, 3, 4, 5}}, Kernel: [][]float64{{1, 0, -1}}, Padding: 1}} {
			f, err := s.Film()
			if err != nil {
				t.Fatal(err)
			}
			picturetest.Check(t, f.Picture, nil)
			lookFilm(t, name, f)
			if name == "slide" && !strings.Contains(f.Alt[0], "1·1 + 1·0 + 1·1 + 0·0 + 1·1 + 1·0 + 0·1 + 0·0 + 1·1 = 4") {
				t.Error(f.Alt[0])
			}
			if name == "slide" || name == "stamp" {
				picturetest.Golden(t, name+"-"+Language(), f.PNG)
			}
			if len(f.Animated) > 300_000 {
				t.Errorf("%s takes %d bytes", name, len(f.Animated))
			}
		}
	})
	wrong := band
	wrong.Output = [][]float64{{4, 3, 4}, {2, 4, 3}, {2, 3, 5}}
	if _, err := wrong.Film(); err == nil || !strings.Contains(err.Error(), "output[2][2] is 5, but its products sum to 4") {
		t.Errorf("a wrong output was drawn: %v", err)
	}
	for i, bad := range []Slide{{}, {Input: band.Input}, {Input: band.Input, Kernel: [][]float64{{}}}, {Input: band.Input, Kernel: [][]float64{{1, 2}, {1}}},
		{Input: [][]float64{{math.NaN()}}, Kernel: band.Kernel}, {Input: band.Input, Kernel: band.Input, Dilation: 3},
		{Input: band.Input, Kernel: band.Kernel, Stride: -1}, {Input: band.Input, Kernel: band.Kernel, Padding: 1 << 40},
		{Input: band.Input, Kernel: band.Kernel, Padding: -1}, {Input: [][]float64{make([]float64, 5000)}, Kernel: [][]float64{{1}}},
		{Input: stamps.Input, Kernel: stamps.Kernel, Padding: 2, Transposed: true}, {Input: band.Input, Kernel: band.Kernel, Seconds: math.NaN()}} {
		if _, err := bad.Film(); err == nil {
			t.Errorf("slide %d was drawn", i)
		}
	}
}

func table(rng *rand.Rand, h, w int) [][]float64 {
	rows := make([][]float64, h)
	for i := range rows {
		for range w {
			rows[i] = append(rows[i], float64(rng.IntN(19)-9))
		}
	}
	return rows
}

// plain computes the output from the definition; nil: there is none.
func plain(s Slide) [][]float64 {
	side := func(n, k int) int {
		if s.Transposed {
			return (n-1)*s.Stride - 2*s.Padding + s.Dilation*(k-1) + 1
		}
		return int(math.Floor(float64(n+2*s.Padding-s.Dilation*(k-1)-1)/float64(s.Stride))) + 1
	}
	h, w := side(len(s.Input), len(s.Kernel)), side(len(s.Input[0]), len(s.Kernel[0]))
	if h < 1 || w < 1 {
		return nil
	}
	out := make([][]float64, h)
	for i := range out {
		out[i] = make([]float64, w)
	}
	for a, row := range s.Kernel {
		for b, k := range row {
			if s.Transposed {
				for i, in := range s.Input {
					for j, x := range in {
						if y, z := i*s.Stride+a*s.Dilation-s.Padding, j*s.Stride+b*s.Dilation-s.Padding; y >= 0 && y < h && z >= 0 && z < w {
							out[y][z] += x * k
						}
					}
				}
				continue
			}
			for i := range out {
				for j := range out[i] {
					if y, z := i*s.Stride+a*s.Dilation-s.Padding, j*s.Stride+b*s.Dilation-s.Padding; y >= 0 && y < len(s.Input) && z >= 0 && z < len(s.Input[0]) {
						out[i][j] += s.Input[y][z] * k
					}
				}
			}
		}
	}
	return out
}

// checkFrames reads the output grid of the last frame by the cells' places,
// and the formulas of all frames.
func checkFrames(t *testing.T, s Slide, f *Film, want [][]float64) {
	t.Helper()
	all := picturetest.Parse(t, f.Animated)
	label := fmt.Sprintf("output %dx%d", len(want), len(want[0]))
	x, y := math.NaN(), 0.0
	for _, e := range all {
		if e.Text == label {
			x, y = e.Float(t, "x")+e.Float(t, "textLength")/2, e.Float(t, "y")+8
		}
	}
	if math.IsNaN(x) {
		t.Fatalf("%+v: no label %q", s, label)
	}
	ring := [4]int{}
	if s.Transposed {
		ring[0], ring[1] = s.Padding, s.Padding
	}
	cols := float64(len(want[0]) + 2*ring[1])
	left, top := x-cols*slideCell/2, y
	for i, row := range want {
		for j, v := range row {
			cx, cy := left+slideCell*(float64(j+ring[1])+0.5), top+slideCell*(float64(i+ring[0])+0.5)
			var got []string
			for _, e := range picturetest.Of(all, "text") {
				middle := e.Float(t, "x") + e.Float(t, "textLength")/2
				if e.In(f.Frames-1) && math.Abs(middle-cx) < 1 && math.Abs(e.Float(t, "y")-cy) < 8 {
					got = append(got, e.Text)
				}
			}
			if len(got) != 1 || got[0] != figure(v) {
				t.Fatalf("%+v: output[%d][%d] is drawn as %v, is %g", s, i, j, got, v)
			}
		}
	}
	if s.Transposed {
		return
	}
	for step, words := range f.Alt {
		i, j := step/len(want[0]), step%len(want[0])
		_, formula, _ := strings.Cut(words, "= ")
		products, sum, _ := strings.Cut(formula, " = ")
		total := 0.0
		for _, product := range strings.Split(products, " + ") {
			var a, b float64
			if _, err := fmt.Sscanf(strings.NewReplacer("(", "", ")", "", "·", " ").Replace(product), "%g %g", &a, &b); err != nil {
				t.Fatalf("%q: %v", product, err)
			}
			total += a * b
		}
		if total != want[i][j] || sum != figure(want[i][j]) {
			t.Fatalf("%+v: step %d says %q, the output is %g", s, step, words, want[i][j])
		}
	}
}

// TestSlideOf: a slide of a layer is that of its settings typed by hand.
func TestSlideOf(t *testing.T) {
	input, kernel := [][]float64{{1, 2, 3}, {4, 5, 6}, {7, 8, 9}}, [][]float64{{1, 0}, {0, -1}}
	for _, c := range []struct {
		layer cnnlib.Layer
		want  Slide
	}{
		{cnnlib.Conv{Stride: 2, Padding: 1}, Slide{Input: input, Kernel: kernel, Stride: 2, Padding: 1}},
		{cnnlib.TransposedConv{Stride: 2, OutputPadding: 1, Dilation: 2}, Slide{Input: input, Kernel: kernel, Stride: 2, OutputPadding: 1, Dilation: 2, Transposed: true}},
	} {
		s, err := SlideOf(c.layer, input, kernel, nil)
		got, filmErr := s.Film()
		want, wantErr := c.want.Film()
		if err := errors.Join(err, filmErr, wantErr); err != nil {
			t.Fatal(err)
		}
		if got.SVG != want.SVG || got.Picture.Alt != want.Picture.Alt {
			t.Errorf("%s: %q, should be %q", c.layer.Name(), got.Picture.Alt, want.Picture.Alt)
		}
	}
	for _, l := range []cnnlib.Layer{cnnlib.Conv{Same: true}, cnnlib.Conv{Groups: 2}, cnnlib.TransposedConv{Axes: []cnnlib.Window{{Kernel: 2}}}, cnnlib.MaxPool{Size: 2}} {
		if _, err := SlideOf(l, input, kernel, nil); err == nil {
			t.Errorf("a slide of %#v is made", l)
		}
	}
}
