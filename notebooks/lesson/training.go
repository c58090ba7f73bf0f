package lesson

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/convviz"
	"convlab/internal/likeliest"
)

// Data is CIFAR-10, opened and verified once in a cell.
func Data() *cifar.Data { return data() }

// Split are 45,000 training images of CIFAR-10 to train on and the other 5,000
// for validation, the same in every cell.
func Split() (training, valid *cifar.Images) {
	training, valid, err := data().Train.Split(5000, 1)
	OK(err)
	return training, valid
}

// Device says where networks are computed, and why there.
func Device() string { return inLanguage(must(cnnlib.OpenBackend()).String()) }

// Fit is train.Fit for a cell: a bar and the curves while it trains, then a
// line for each epoch in the student's language, for every tenth if there are
// more than 12. The stop button (■) saves and
// ends the cell; run again, it goes on from there.
func Fit(m *cnnlib.Model, images train.Dataset, cfg train.Config) train.History {
	history := fit(m, images, cfg)
	for i, e := range history {
		if len(history) <= 12 || (i+1)%10 == 0 {
			fmt.Println(epochLine(e))
		}
	}
	return history
}

// fit is Fit without the lines.
func fit(m *cnnlib.Model, images train.Dataset, cfg train.Config) train.History {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	watch := convviz.NewWatch()
	cfg.OnStep, cfg.OnEpoch = watch.OnStep, watch.OnEpoch
	history, err := train.Fit(ctx, m, images, cfg)
	if errors.Is(err, context.Canceled) {
		fmt.Println(Sentence(err))
		exit(0)
	}
	OK(err)
	OK(watch.Err())
	return history
}

// epochLine is the lesson's line of an epoch: number, mean loss, accuracy,
// seconds.
func epochLine(e train.Epoch) string {
	line := fmt.Sprintf(say("epoch %d  loss %.4f  accuracy %.2f %%", "第 %d 轮  损失 %.4f  准确率 %.2f %%"), e.Epoch, e.Loss, 100*e.Accuracy)
	if e.Validated {
		line += fmt.Sprintf(say("  validation loss %.4f  validation accuracy %.2f %%", "  验证损失 %.4f  验证准确率 %.2f %%"), e.ValidLoss, 100*e.ValidAccuracy)
	}
	return line + fmt.Sprintf("  %.1f s", e.Seconds)
}

// RunFile is the path of a file in the folder of a run, which is made if it is
// not there: RunFile("3.5", "model.pth").
func RunFile(run, name string) string {
	dir := train.RunDir(run)
	OK(os.MkdirAll(dir, 0o755))
	return filepath.Join(dir, name)
}

// Answer is what a model says of an image: which class it takes for the likeliest,
// and how sure it is.
type Answer struct {
	Image, Label, Said int
	Probability        float64
}

// Answers are those of the model for all images, in their order.
func Answers(m *cnnlib.Model, images *cifar.Images) []Answer {
	all := make([]Answer, images.Len())
	for i, logits := range must(m.Predict(images.Pixels, images.Len())) {
		p := cnnlib.Softmax(logits)
		best := likeliest.Classes(p, 1)[0]
		all[i] = Answer{i, int(images.Labels[i]), best, float64(p[best])}
	}
	return all
}
