package convviz

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"convlab/cnnlib/train"
	"convlab/convviz/internal/picturetest"
)

func TestCurves(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		h := history(9)
		p, err := Curves(h)
		all := picturetest.Check(t, p, err)
		look(t, "curves", p)
		texts := picturetest.Texts(all)
		best := h[h.Best()]
		want := fmt.Sprintf("best: epoch %d, %.1f %%", best.Epoch, 100*best.ValidAccuracy)
		if Language() == "zh" {
			want = fmt.Sprintf("最佳：第 %d 轮，%.1f %%", best.Epoch, 100*best.ValidAccuracy)
		} else {
			for _, label := range []string{"Training Loss", "Epoch", "Loss", "Accuracy"} {
				if !slices.Contains(texts, label) {
					t.Errorf("no label %q in %v", label, texts)
				}
			}
		}
		if !slices.Contains(texts, want) {
			t.Errorf("no %q in %v", want, texts)
		}
		// The first line of the first panel is green, with a marker per epoch.
		green := 0
		for _, e := range picturetest.Of(all, "circle") {
			if e.Attr["fill"] == "#009e73" && e.Float(t, "r") == 4 {
				green++
			}
		}
		if green != 2*len(h) {
			t.Errorf("%d green markers for two lines of %d epochs", green, len(h))
		}
	})
	one := train.History{{Epoch: 1, Loss: math.Inf(1), Accuracy: math.NaN()}}
	if _, err := Curves(one); err == nil {
		t.Error("a curve without numbers")
	}
	if _, err := Curves(nil); err == nil {
		t.Error("a curve without epochs")
	}
	p, err := Curves(history(500))
	picturetest.Check(t, p, err)
	images := history(3)
	for i := range images {
		images[i].NoAccuracy = true
	}
	p, err = Curves(images)
	if texts := picturetest.Texts(picturetest.Check(t, p, err)); slices.Contains(texts, "Accuracy") || !slices.Contains(texts, "Loss") {
		t.Errorf("without accuracy: %v", texts)
	}
}
