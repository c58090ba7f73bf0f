package lesson

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"
	"strings"
	"testing"

	"convlab/augment"
	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/convviz"
	"convlab/internal/labtest"
	"convlab/recipes"
)

func TestInTraining(t *testing.T) {
	x := Filled(20, 20, 1)
	draws := InTraining(cnnlib.Dropout{Rate: 0.25}, x, 50)
	mean := 0.0
	for _, d := range draws {
		for _, v := range d[0] {
			if v != 0 && math.Abs(float64(v)-4.0/3) > 1e-6 {
				t.Fatalf("dropout of 1/4 makes %g of 1", v)
			}
		}
		m, _ := d.Mean()
		mean += m / 50
	}
	if math.Abs(mean-1) > 0.02 || fmt.Sprint(draws[0]) == fmt.Sprint(draws[1]) {
		t.Errorf("the mean of 50 draws is %g; the first two are alike: %t", mean, fmt.Sprint(draws[0]) == fmt.Sprint(draws[1]))
	}
	if again := InTraining(cnnlib.Dropout{Rate: 0.25}, x, 1)[0]; fmt.Sprint(again) != fmt.Sprint(draws[0]) {
		t.Error("another run draws otherwise")
	}
	if still := Through(cnnlib.Dropout{Rate: 0.25}, x); fmt.Sprint(still) != fmt.Sprint(x) {
		t.Error("dropout changes something outside training")
	}
	mean, variance := InTraining(cnnlib.BatchNorm{}, Digits(6), 1)[0].Mean()
	if math.Abs(mean) > 1e-5 || math.Abs(variance-1) > 1e-3 {
		t.Errorf("batch normalisation gives mean %g and variance %g", mean, variance)
	}
	if said := ended(t, func() { InTraining(cnnlib.MaxPool{Size: 2}, x, 1) }); !strings.Contains(said, "makes 100 numbers of 400") {
		t.Errorf("pooling: %q", said)
	}
}

func TestDescent(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "zh")
	adam := Descent("Adam", train.Adam{}, 0.5, 10)
	if len(adam.X) != 11 || math.Abs(adam.X[1]+8.5) > 1e-4 || math.Abs(adam.Y[1]-1.5) > 1e-4 {
		t.Errorf("Adam's first step of 0.5 from (-9, 2) leads to (%g, %g), %d points", adam.X[1], adam.Y[1], len(adam.X))
	}
	p, err := valley([]Line{adam})
	if err != nil || !strings.Contains(p.Alt, "共 10 步") || strings.Contains(p.Alt, "%!") {
		t.Errorf("%v, %v", p, err)
	}
	if _, err := valley([]Line{{Name: "none"}}); err == nil {
		t.Error("a path without points was drawn")
	}
}

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

// TestStopIsTold: what a stopped training says is in the student's language.
func TestStopIsTold(t *testing.T) {
	labtest.Data(t)
	t.Setenv("CONVLAB_LANG", "zh")
	ctx, cancel := context.WithCancel(context.Background())
	_, err := train.Fit(ctx, Open(nets.LeNet()), data().Test, train.Config{Dir: t.TempDir(), OnStep: func(s train.Step) {
		if s.Done == 2 {
			cancel()
		}
	}})
	if said := Sentence(err); !errors.Is(err, context.Canceled) || !strings.HasPrefix(said, "已停在第 1 轮，完成 2/40 步，保存在 ") || !strings.HasSuffix(said, "；用同样的设置再训练，就从那里继续") {
		t.Errorf("%q of %v", said, err)
	}
}

func TestTune(t *testing.T) {
	labtest.Data(t)
	t.Setenv("CONVLAB_LANG", "zh")
	base := recipes.Plain()
	base.Net = nets.LeNet()
	e := recipes.Experiment{Settings: recipes.SixWays(base)[6:8], Seeds: 1, Epochs: 1, Images: 512, Dir: t.TempDir()}
	table := trialTable(Tune(e))
	for _, want := range []string{"<td>学习率</td><td>0.003</td>", "<td>优化器</td><td>SGD，学习率 0.1</td>", " ± 0.00 %"} {
		if !strings.Contains(table, want) {
			t.Errorf("the table has no %q:\n%s", want, table)
		}
	}
}

func TestAugmentShows(t *testing.T) {
	labtest.Data(t)
	img := Example(4)
	if img.W != 32 || len(img.Pix) != 3072 {
		t.Errorf("%dx%d", img.W, img.H)
	}
	if said := ended(t, func() { Example(50000) }); !strings.Contains(said, "no image 50000") {
		t.Errorf("%q", said)
	}
	if big := Photograph("", 320); big.W != 320 || big.H != 320 {
		t.Errorf("%dx%d", big.W, big.H)
	}
	Strips(32, Strip{"a", Draws(augment.RandomHorizontalFlip{}, img, 3)}, Strip{"b", []image.Image{img.Std()}})
	Strengths(img)
	Curves(Curve{"a", train.History{{Epoch: 1, Loss: 2, ValidLoss: 2.5, Accuracy: 0.5, ValidAccuracy: 0.4}}})
	if _, err := convviz.Activations(Open(nets.LeNet()), Pixels(0)); err != nil {
		t.Error(err)
	}
}
