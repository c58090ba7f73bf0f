package convviz

import (
	"context"
	"errors"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/convviz/internal/picturetest"
	"convlab/internal/labtest"
)

// spearman is the definition with ranks by counting.
func spearman(a, b []float64) float64 {
	rank := func(v []float64, i int) float64 {
		below, same := 0.0, 0.0
		for _, w := range v {
			if w < v[i] {
				below++
			} else if w == v[i] {
				same++
			}
		}
		return below + (same+1)/2
	}
	n := float64(len(a))
	var sa, sb, saa, sbb, sab float64
	for i := range a {
		x, y := rank(a, i), rank(b, i)
		sa, sb, saa, sbb, sab = sa+x, sb+y, saa+x*x, sbb+y*y, sab+x*y
	}
	return (n*sab - sa*sb) / math.Sqrt((n*saa-sa*sa)*(n*sbb-sb*sb))
}

// TestSaliencyNumbers compares the printed numbers of random maps with the
// definitions.
func TestSaliencyNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(91, 92))
	for range drawings {
		s := Saliency{Method: "m", Height: 1 + rng.IntN(5), Width: 2 + rng.IntN(5)}
		mostA, mostB := 0.0, 0.0
		for range s.Height * s.Width {
			a, b := float64(rng.IntN(9)-4)/8, rng.NormFloat64()
			s.Trained, s.Random = append(s.Trained, a), append(s.Random, b)
			mostA, mostB = max(mostA, math.Abs(a)), max(mostB, math.Abs(b))
		}
		p, err := Saliencies(picture(3), "cat", s)
		if err != nil {
			t.Fatal(err)
		}
		texts := picturetest.Texts(picturetest.Parse(t, p.SVG))
		like := sayf("rank correlation %.2f", spearman(s.Trained, s.Random))
		if math.IsNaN(spearman(s.Trained, s.Random)) {
			like = "no rank correlation"
		}
		for _, want := range []string{sayf("at most %.3g", mostA), sayf("at most %.3g", mostB), like} {
			if !slices.Contains(texts, want) {
				t.Fatalf("%+v: no %q in %v", s, want, texts)
			}
		}
	}
}

// TestSaliencyColours: where the map is 0 the image is grey, where it is
// largest nearly orange, where it is lowest nearly blue.
func TestSaliencyColours(t *testing.T) {
	white := image.NewGray(image.Rect(0, 0, 2, 2))
	for i := range white.Pix {
		white.Pix[i] = 255
	}
	img, most := over(white, []float64{0, 2, -2, 1}, 2, 2)
	if most != 2 {
		t.Error(most)
	}
	for i, want := range [][3]uint32{{255, 255, 255}, {221, 126, 51}, {51, 142, 193}, {238, 191, 153}} {
		r, g, b, _ := img.At(i%2, i/2).RGBA()
		if got := [3]uint32{r >> 8, g >> 8, b >> 8}; got != want {
			t.Errorf("pixel %d is %v, want %v", i, got, want)
		}
	}
}

func TestExplain(t *testing.T) {
	b := labtest.Go(t)
	model := func(seed uint64) *cnnlib.Model {
		m, err := cnnlib.New(b, nets.LeNet(), nets.CIFARInput(), cnnlib.Options{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	pixels := make([]uint8, 3072)
	for i := range pixels {
		pixels[i] = uint8(i * i)
	}
	inBoth(t, func(t *testing.T) {
		list, err := Explain(t.Context(), model(1), model(2), pixels, "4", 3)
		if err != nil {
			t.Fatal(err)
		}
		p, err := Saliencies(picture(5), "cat", list...)
		picturetest.Check(t, p, err)
		look(t, "saliency", p)
		same, err := Explain(t.Context(), model(1), model(1), pixels, "4", 3)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range same {
			if like, err := RankCorrelation(s.Trained, s.Random); err != nil || math.Abs(like-1) > 1e-9 {
				t.Errorf("%s: one network's maps correlate by %g, %v", s.Method, like, err)
			}
		}
	})
	ended, end := context.WithCancel(t.Context())
	end()
	if _, err := Explain(ended, model(1), model(2), pixels, "4", 3); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: %v", err)
	}
	if _, err := Explain(t.Context(), nil, model(1), pixels, "4", 3); err == nil {
		t.Error("no model was explained")
	}
	if _, err := Explain(t.Context(), model(1), model(1), pixels, "99", 3); err == nil {
		t.Error("a layer that is not there was explained")
	}
	one := Saliency{Method: "m", Trained: []float64{1}, Random: []float64{0}, Height: 1, Width: 1}
	p, err := Saliencies(image.NewGray(image.Rect(0, 0, 1, 1)), "cat", one)
	picturetest.Check(t, p, err)
	nan := one
	nan.Random = []float64{math.NaN()}
	for i, bad := range []Saliency{{}, nan, {Trained: []float64{1}, Random: []float64{math.Inf(1)}, Height: 1, Width: 1},
		{Trained: []float64{1}, Random: []float64{1, 2}, Height: 1, Width: 1}, {Height: 1 << 40, Width: 1 << 40}} {
		if _, err := Saliencies(picture(1), "cat", bad); err == nil {
			t.Errorf("map %d was drawn", i)
		}
	}
	for i, bad := range []image.Image{nil, image.NewGray(image.Rect(0, 0, 0, 5)), image.NewUniform(image.White)} {
		if _, err := Saliencies(bad, "cat", one); err == nil {
			t.Errorf("image %d was drawn", i)
		}
	}
}
