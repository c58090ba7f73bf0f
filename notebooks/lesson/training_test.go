package lesson

import (
	"math"
	"testing"

	"convlab/augment"
	"convlab/cifar"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/internal/labtest"
)

// TestExercisesAreTheLibrarys compares what exercises of part 3.5 take for right
// with the library, where they do not compute by it.
func TestExercisesAreTheLibrarys(t *testing.T) {
	adam := Descent("Adam", train.Adam{}, 1e-3, 5)
	w, m, v := -9.0, 0.0, 0.0
	for i := range 5 {
		w, m, v = adamStep(w, w, m, v, i+1) // the valley's slope along x is x
		if math.Abs(w-adam.X[i+1]) > 1e-5 {
			t.Errorf("step %d leads to %g, the library's to %g", i+1, w, adam.X[i+1])
		}
	}
	for side, most := range map[int]int{32: 4, 24: 8} {
		crop, white := augment.RandomCrop{Size: side, Padding: augment.Border{most}}, augment.NewImage(side, side)
		for i := range white.Pix {
			white.Pix[i] = 255
		}
		left := 0.0
		for i := range 4000 {
			for _, v := range must(augment.Apply(crop, white, augment.NewRand(1, 0, i))).Pix {
				left += float64(v) / 255 / 3
			}
		}
		want := augmentExercises["3.7 InView"].want.(func(side, most int) float64)(side, most)
		if got := left / float64(4000*side*side); math.Abs(got-want) > 0.01 {
			t.Errorf("%d pixels, shift by up to %d: the transform leaves %.4f, not %.4f", side, most, got, want)
		}
	}
	labtest.Data(t)
	low, high := wilson(6020, 10000, 1.96)
	r := &train.Result{}
	if answers := Answers(Open(nets.LeNet()), &cifar.Images{Pixels: TestPixels(20), Labels: data().Test.Labels[:20]}); len(answers) != 20 || answers[3].Image != 3 {
		t.Errorf("%v, %v", answers, r)
	}
	if math.Abs(low-0.5924) > 1e-4 || math.Abs(high-0.6116) > 1e-4 {
		t.Errorf("6020 of 10000: from %g to %g", low, high)
	}
}

func TestEpochLine(t *testing.T) {
	e := train.Epoch{Epoch: 3, Loss: 1.25, Accuracy: 0.5, Seconds: 2}
	t.Setenv("CONVLAB_LANG", "en")
	if got := epochLine(e); got != e.String() {
		t.Errorf("%q, want %q", got, e)
	}
	t.Setenv("CONVLAB_LANG", "zh")
	e.Validated, e.ValidLoss, e.ValidAccuracy = true, 1.5, 0.25
	if got := epochLine(e); got != "第 3 轮  损失 1.2500  准确率 50.00 %  验证损失 1.5000  验证准确率 25.00 %  2.0 s" {
		t.Errorf("%q", got)
	}
}
