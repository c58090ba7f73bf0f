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

func TestBlindPixels(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		influence := make([]float64, 1024)
		for i := range influence {
			if i%32 < 30 && i/32 < 30 {
				influence[i] = 1e-30 + float64(i%7)
			}
		}
		p, err := BlindPixels(influence, 32, 32)
		all := picturetest.Check(t, p, err)
		look(t, "blind", p)
		if texts := picturetest.Texts(all); !slices.Contains(texts, sayf("%d of %d pixels move nothing (%.1f %%, orange)", 124, 1024, 12.109375)) {
			t.Errorf("texts %v", texts)
		}
	})
	for _, bad := range []float64{math.NaN(), math.Inf(1), -1} {
		if _, err := BlindPixels([]float64{bad}, 1, 1); err == nil {
			t.Errorf("an influence of %g", bad)
		}
	}
	p, err := BlindPixels([]float64{0}, 1, 1)
	picturetest.Check(t, p, err)
}

func TestTiles(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	inBoth(t, func(t *testing.T) {
		for _, shape := range [][]int{{3, 3, 3, 32}, {3, 3, 32, 128}, {1, 1, 1, 1}, {5, 3, 1, 4}} {
			values := make([]float32, shape[0]*shape[1]*shape[2]*shape[3])
			for i := range values {
				values[i] = float32(rng.NormFloat64())
			}
			p, err := Kernels(values, shape)
			picturetest.Check(t, p, err)
			look(t, fmt.Sprint("kernels", shape[2]), p)
		}
		maps := make([]float32, 15*15*6)
		for i := range maps {
			if i%6 != 2 {
				maps[i] = float32(i % 100)
			}
		}
		p, err := FeatureMaps(maps, 15, 15, 6)
		all := picturetest.Check(t, p, err)
		look(t, "maps", p)
		if texts := picturetest.Texts(all); !slices.Contains(texts, sayf("%d of %d maps are 0 everywhere", 1, 6)) {
			t.Errorf("texts %v", texts)
		}
	})
	img, err := Gray([][]float64{{0, 1}, {0.5, 2}}, 0, 1)
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []uint32{0, 255, 128, 255} {
		if r, _, _, _ := img.At(i%2, i/2).RGBA(); r>>8 != want {
			t.Errorf("grey %d is %d, want %d", i, r>>8, want)
		}
	}
	if _, err := Gray([][]float64{{1}}, 1, 1); err == nil {
		t.Error("greys without a range")
	}
	if _, err := Kernels([]float32{1}, []int{1, 1, 1, 2}); err == nil {
		t.Error("kernels of another shape")
	}
	if _, err := FeatureMaps([]float32{float32(math.NaN())}, 1, 1, 1); err == nil {
		t.Error("a map of NaN")
	}
}

func TestMapNumbers(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(209, 210))
	for range drawings {
		h, w, c := 1+rng.IntN(4), 1+rng.IntN(4), 1+rng.IntN(5)
		maps, dead := make([]float32, h*w*c), 0
		for k := range c {
			if rng.IntN(3) == 0 {
				dead++
				continue
			}
			for p := range h * w {
				maps[p*c+k] = float32(1 + rng.IntN(100))
			}
		}
		p, err := FeatureMaps(maps, h, w, c)
		wantTexts(t, maps, printed(t, p, err), fmt.Sprintf("%d of %d maps are 0 everywhere", dead, c))
		if want := fmt.Sprintf("%d maps of %dx%d, values from %.3g to %.3g. ", c, h, w, slices.Min(maps), slices.Max(maps)); !strings.HasPrefix(p.Alt, want) {
			t.Fatalf("%q, want %q", p.Alt, want)
		}

		kernels := make([]float32, h*w*c*2)
		for i := range kernels {
			kernels[i] = float32(rng.NormFloat64())
		}
		p, err = Kernels(kernels, []int{h, w, c, 2})
		printed(t, p, err)
		if want := fmt.Sprintf("2 kernels of %dx%d over %d channels, values from %.3g to %.3g. 0 of %d weights are 0.", h, w, c, slices.Min(kernels), slices.Max(kernels), len(kernels)); p.Alt != want {
			t.Fatalf("%q, want %q", p.Alt, want)
		}

		influence, blind := make([]float64, h*w), 0
		for i := range influence {
			if rng.IntN(3) == 0 {
				blind++
			} else {
				influence[i] = rng.Float64() + 0.1
			}
		}
		p, err = BlindPixels(influence, h, w)
		wantTexts(t, influence, printed(t, p, err), fmt.Sprintf("%d of %d pixels move nothing (%.1f %%, orange)", blind, h*w, 100*float64(blind)/float64(h*w)))
	}
}
