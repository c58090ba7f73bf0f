package convviz

import (
	"context"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"

	"convlab/cifar"
	"convlab/convviz/internal/picturetest"
	"convlab/internal/labtest"
)

func TestConfusionAndMistakes(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		counts := make([][]int, 10)
		for i := range counts {
			counts[i] = make([]int, 10)
			for j := range counts[i] {
				counts[i][j] = (i*7 + j*13) % 40
			}
			counts[i][i] = 700 + i
		}
		p, err := Confusion(counts, cifar.Classes[:])
		all := picturetest.Check(t, p, err)
		look(t, "confusion", p)
		var numbers []int
		for _, s := range picturetest.Texts(all) {
			if v, err := strconv.Atoi(s); err == nil {
				numbers = append(numbers, v)
			}
		}
		if !slices.Equal(numbers, slices.Concat(counts...)) {
			t.Errorf("printed %v", numbers)
		}
		list := []Mistake{{picture(1), "cat", "dog", 0.9876}, {picture(2), "ship", "airplane", 1}, {picture(3), "automobile", "truck", 0.5}}
		p, err = Mistakes(slices.Repeat(list, 4))
		all = picturetest.Check(t, p, err)
		look(t, "mistakes", p)
		if texts := picturetest.Texts(all); !slices.Contains(texts, "98.8 %") || !slices.Contains(texts, "→ "+say("truck")) {
			t.Errorf("texts %v", texts)
		}
	})
	for i, bad := range [][][]int{nil, {{1}}, {{1, 2}, {3}}, {{0, 0}, {0, 0}}, {{-1, 0}, {0, 1}}} {
		if _, err := Confusion(bad, []string{"a", "b"}); err == nil {
			t.Errorf("confusion matrix %d was drawn", i)
		}
	}
	if _, err := Mistakes([]Mistake{{Probability: math.NaN()}}); err == nil {
		t.Error("a probability that is no number")
	}
}

func TestRealClasses(t *testing.T) {
	data, err := cifar.Open(context.Background(), labtest.Data(t))
	if err != nil {
		t.Fatal(err)
	}
	images := make([][]image.Image, cifar.NumClasses)
	for i := 0; i < data.Train.Len(); i++ {
		if _, label := data.Train.Example(i); len(images[label]) < 10 {
			images[label] = append(images[label], data.Train.Image(i))
		}
	}
	inBoth(t, func(t *testing.T) {
		p, err := Classes(images, cifar.Classes[:])
		all := picturetest.Check(t, p, err)
		look(t, "classes", p)
		if texts := picturetest.Texts(all); !slices.Contains(texts, say("truck")) {
			t.Errorf("texts %v", texts)
		}
		p, err = ChannelHistograms(data.Train.Pixels, 3)
		all = picturetest.Check(t, p, err)
		look(t, "histograms", p)
		for c, name := range []string{"red", "green", "blue"} { // the published statistics
			want := sayf("%s: mean %.3f, std %.3f", say(name), cifar.Mean[c], cifar.Std[c])
			if texts := picturetest.Texts(all); !slices.Contains(texts, want) {
				t.Errorf("no %q in %v", want, texts)
			}
		}
	})
}

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
