package convviz

import (
	"context"
	"image"
	"math"
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
