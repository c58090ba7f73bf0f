package convviz

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"

	"convlab/convviz/internal/picturetest"
)

func TestMatrixOfTheLesson(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		down := Slide{Input: table(rand.New(rand.NewPCG(1, 1)), 4, 4), Kernel: stamps.Kernel}
		f, err := down.Matrix()
		if err != nil {
			t.Fatal(err)
		}
		all := picturetest.Check(t, f.Picture, nil)
		lookFilm(t, "matrix", f)
		want := sayf("matrix %dx%d", 4, 16) + colon() + sayf("%d of %d numbers are not 0", 36, 64)
		if texts := strings.Join(picturetest.Texts(all), "\n"); !strings.Contains(texts, want) {
			t.Errorf("no %q in %s", want, texts)
		}
		f, err = stamps.Matrix()
		if err != nil {
			t.Fatal(err)
		}
		picturetest.Check(t, f.Picture, nil)
		lookFilm(t, "matrixT", f)
	})
	if _, err := (Slide{Input: table(rand.New(rand.NewPCG(1, 1)), 9, 9), Kernel: stamps.Kernel}).Matrix(); err == nil {
		t.Error("a matrix of 81 columns was drawn")
	}
}

// TestMatrixNumbers reads the matrix back from its picture and multiplies: it
// must give the output of the plain definition, which every step names.
func TestMatrixNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(21, 22))
	for drawn := 0; drawn < drawings; {
		s := Slide{Input: table(rng, 2+rng.IntN(3), 2+rng.IntN(3)), Kernel: table(rng, 1+rng.IntN(3), 1+rng.IntN(3)), Stride: 1 + rng.IntN(2),
			Padding: rng.IntN(2), Dilation: 1 + rng.IntN(2), Transposed: rng.IntN(2) == 0}
		want := plain(s)
		if want == nil || len(want)*len(want[0]) > maxMatrix/2 {
			continue
		}
		f, err := s.Matrix()
		if err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
		drawn++
		// The numbers that are there in all steps, by column and row of cells.
		at := map[[2]int]float64{}
		for _, e := range picturetest.Of(picturetest.Parse(t, f.Animated), "text") {
			if v, err := strconv.ParseFloat(e.Text, 64); err == nil && e.First < 0 && e.Float(t, "y") > 78 {
				x := e.Float(t, "x") + e.Float(t, "textLength")/2
				at[[2]int{int(math.Floor((x - 56) / matrixCell)), int(math.Floor((e.Float(t, "y") - 78) / matrixCell))}] = v
			}
		}
		x, outs := flat(s.Input), flat(want)
		for r, y := range outs {
			sum, read := y, 0
			for c, v := range x {
				number, found := at[[2]int{c, r}]
				if !found {
					t.Fatalf("%+v: no number in row %d, column %d", s, r, c)
				}
				sum -= v * number
				if number != 0 {
					read++
				}
			}
			if math.Abs(sum) > 1e-9 {
				t.Fatalf("%+v: row %d of the drawn matrix is wrong by %g", s, r, sum)
			}
			w := len(want[0])
			words := fmt.Sprintf("row %d of the matrix gives y[%d,%d] = %s from %d input numbers", r, r/w, r%w, figure(y), read)
			if read == 1 {
				words = strings.Replace(words, "1 input numbers", "one input number", 1)
			}
			if f.Alt[r] != words {
				t.Fatalf("%+v: step %d says %q, want %q", s, r, f.Alt[r], words)
			}
		}
	}
}
