package convviz

import (
	"math"
	"math/rand/v2"
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
		want := sayf("matrix %dx%d", 4, 16) + ": " + sayf("%d of %d numbers are not 0", 36, 64)
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
// must give the output of the plain definition.
func TestMatrixNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(21, 22))
	for drawn := 0; drawn < 60; {
		s := Slide{Input: table(rng, 2+rng.IntN(4), 2+rng.IntN(4)), Kernel: table(rng, 1+rng.IntN(3), 1+rng.IntN(3)), Stride: 1 + rng.IntN(2),
			Padding: rng.IntN(2), Dilation: 1 + rng.IntN(2), Transposed: rng.IntN(2) == 0}
		want := plain(s)
		if want == nil || len(want)*len(want[0]) > maxMatrix || len(s.Input)*len(s.Input[0]) > maxMatrix {
			continue
		}
		f, err := s.Matrix()
		if err != nil {
			t.Fatalf("%+v: %v", s, err)
		}
		drawn++
		all := picturetest.Parse(t, f.Animated)
		x, outs := flat(s.Input), flat(want)
		for r, sum := range outs {
			for c, v := range x {
				sum -= v * cellNumber(t, all, 56+microCell*(float64(c)+0.5), 78+microCell*(float64(r)+0.5))
			}
			if math.Abs(sum) > 1e-9 {
				t.Fatalf("%+v: row %d of the drawn matrix is wrong by %g", s, r, sum)
			}
		}
	}
}

// cellNumber is the number drawn in all frames around a point.
func cellNumber(t *testing.T, all []picturetest.Element, x, y float64) float64 {
	t.Helper()
	for _, e := range picturetest.Of(all, "text") {
		if middle := e.Float(t, "x") + e.Float(t, "textLength")/2; e.First < 0 && math.Abs(middle-x) < 1 && math.Abs(e.Float(t, "y")-y) < 8 {
			e.Attr["v"] = e.Text
			return e.Float(t, "v")
		}
	}
	t.Fatalf("no number at %g, %g", x, y)
	return 0
}
