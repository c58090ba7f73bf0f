package convviz

import (
	"fmt"
	"image/png"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

func TestOverTraining(t *testing.T) {
	rng := rand.New(rand.NewPCG(101, 102))
	numbers := func(n int) []float32 {
		out := make([]float32, n)
		for i := range out {
			out[i] = float32(rng.NormFloat64())
		}
		return out
	}
	var epochs []int
	var kernels, maps [][]float32
	var fields [][]float64
	for e := range 41 {
		epochs = append(epochs, e)
		kernels, maps = append(kernels, numbers(3*3*3*32)), append(maps, numbers(15*15*8))
		field := make([]float64, 25)
		for i := range field {
			field[i] = rng.Float64()
		}
		fields = append(fields, field)
	}
	inBoth(t, func(t *testing.T) {
		for name, film := range map[string]func() (*Film, error){
			"kernels": func() (*Film, error) { return KernelsOver(epochs, kernels, []int{3, 3, 3, 32}) },
			"maps":    func() (*Film, error) { return FeatureMapsOver(epochs[:9], maps[:9], 15, 15, 8) },
			"fields":  func() (*Film, error) { return InfluenceOver(epochs, fields, 5, 5) },
		} {
			f, err := film()
			if err != nil {
				t.Fatal(err)
			}
			picturetest.Check(t, f.Picture, nil)
			lookFilm(t, "over-"+name, f)
			if len(f.Animated) > 300_000 {
				t.Errorf("%s takes %d bytes", name, len(f.Animated))
			}
			if want := min(maxEpochs, map[string]int{"kernels": 41, "maps": 9, "fields": 41}[name]); f.Frames != want {
				t.Errorf("%s: %d steps, want %d", name, f.Frames, want)
			}
			if !strings.HasPrefix(f.Alt[0], say("before training")) || name != "maps" && !strings.HasPrefix(f.Alt[f.Frames-1], sayf("epoch %d", 40)) {
				t.Errorf("%s: %q … %q", name, f.Alt[0], f.Alt[f.Frames-1])
			}
		}
	})
	for i, film := range []func() (*Film, error){
		func() (*Film, error) { return KernelsOver(nil, nil, []int{3, 3, 3, 32}) },
		func() (*Film, error) { return KernelsOver(epochs, kernels[:3], []int{3, 3, 3, 32}) },
		func() (*Film, error) { return KernelsOver(epochs[:1], kernels[:1], []int{3, 3, 3, 31}) },
		func() (*Film, error) { return FeatureMapsOver(epochs[:1], [][]float32{{float32(math.NaN())}}, 1, 1, 1) },
		func() (*Film, error) { return FeatureMapsOver(epochs[:1], nil, 1, 1, 1) },
		func() (*Film, error) { return InfluenceOver(epochs[:2], fields[:1], 5, 5) },
		func() (*Film, error) { return InfluenceOver(epochs[:1], fields[:1], 5, 4) },
	} {
		if _, err := film(); err == nil {
			t.Errorf("film %d was drawn", i)
		}
	}
}

// TestOneScaleOverTraining: equal numbers have equal colours in every epoch,
// and the numbers printed of random fields are those of their epoch.
func TestOneScaleOverTraining(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	f, err := KernelsOver([]int{0, 1}, [][]float32{{1, 0}, {1, 4}}, []int{1, 2, 1, 1})
	if err != nil {
		t.Fatal(err)
	}
	for frame := range 2 {
		data, err := f.PNGFrame(frame)
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(strings.NewReader(string(data)))
		if err != nil {
			t.Fatal(err)
		}
		want, found := draw.Signed(0.25), false
		r, g, b, _ := want.RGBA()
		for y := range img.Bounds().Dy() {
			for x := range img.Bounds().Dx() {
				r2, g2, b2, _ := img.At(x, y).RGBA()
				found = found || r == r2 && g == g2 && b == b2
			}
		}
		if !found {
			t.Errorf("frame %d has no pixel of a quarter of the scale", frame)
		}
	}
	rng := rand.New(rand.NewPCG(103, 104))
	for range drawings {
		h, w := 1+rng.IntN(4), 1+rng.IntN(4)
		fields, epochs := make([][]float64, 1+rng.IntN(3)), []int{}
		var want [][]string
		for e := range fields {
			total := 0.0
			for range h * w {
				v := rng.Float64() + 0.01
				fields[e], total = append(fields[e], v), total+v
			}
			var row []string
			for _, v := range fields[e] {
				row = append(row, fmt.Sprintf("%.2f", 100*v/total))
			}
			want, epochs = append(want, row), append(epochs, e)
		}
		f, err := InfluenceOver(epochs, fields, h, w)
		if err != nil {
			t.Fatal(err)
		}
		all := picturetest.Parse(t, f.Animated)
		for e := range fields {
			var got []string
			for _, element := range picturetest.Of(all, "text") {
				if element.First == e && strings.Contains(element.Text, ".") && !strings.Contains(element.Text, " ") {
					got = append(got, element.Text)
				}
			}
			if !slices.Equal(got, want[e]) {
				t.Fatalf("epoch %d: printed %v, want %v", e, got, want[e])
			}
		}
	}
}
