package lesson

import (
	"fmt"
	"image"

	"convlab/augment"
	"convlab/cifar"
	"convlab/cnnlib/train"
	"convlab/convviz"
	"convlab/convviz/draw"
)

// Example is a training image of CIFAR-10, 0 to 49,999, as package augment
// takes images.
func Example(number int) augment.Image {
	images := data().Train
	if number < 0 || number >= images.Len() {
		must(0, wrong("there is no image %d: they are numbered from 0 to %d", "没有第 %d 张图像：编号从 0 到 %d", number, images.Len()-1))
	}
	pixels, _ := images.Example(number)
	return augment.Image{W: cifar.Size, H: cifar.Size, Pix: pixels}
}

// Photograph is a photo beside the notebook, such as "photo.jpg"; without a file it
// is a photo of the test set, enlarged to this many pixels on each side.
func Photograph(file string, side int) augment.Image {
	if file != "" {
		return must(augment.DecodeFile(file, augment.Limits{}))
	}
	return must(augment.Apply(augment.Resize{Size: side}, must(augment.FromImage(Photo(1).Image)), nil))
}

// Draws are n results of a transform that draws at random, the same in every
// run of the cell.
func Draws(t augment.Transform, img augment.Image, n int) []image.Image {
	var all []image.Image
	for epoch := range n {
		all = append(all, must(augment.Apply(t, img, augment.NewRand(1, epoch, 0))).Std())
	}
	return all
}

// Strip is a row of images with its name.
type Strip struct {
	Name   string
	Images []image.Image
}

// Strips shows rows of images one under the other, each image this many pixels
// wide and high.
func Strips(cell float64, strips ...Strip) {
	g := draw.Gallery{Cell: cell}
	g.Alt = fmt.Sprintf(say("%d rows of images:", "%d 行图像："), len(strips))
	for _, s := range strips {
		g.Images, g.Rows = append(g.Images, s.Images), append(g.Rows, s.Name)
		g.Alt += fmt.Sprintf(say(" %s, %d.", "%s，%d 张。"), s.Name, len(s.Images))
	}
	Show(g.Draw())
}

// Strengths is a film of an image under rotation and changes of colour whose
// ranges grow from nothing to the widest: a row for each, with both ends of its
// range and half the way to them.
func Strengths(img augment.Image) {
	var frames []draw.Panel
	var names []string
	for share := 0; share <= 100; share += 20 {
		frames = append(frames, strength(img, float64(share)/100))
		names = append(names, fmt.Sprintf(say("%d %% of the widest range", "最大范围的 %d %%"), share))
	}
	OK(convviz.ShowFilm(draw.InTurn(0.8, frames, names)))
}

func strength(img augment.Image, share float64) draw.Gallery {
	angle, factor, hue := 90*share, share, share/2
	g := draw.Gallery{Cell: 96, Cols: []string{"−", "−½", "+½", "+"}, Rows: []string{
		fmt.Sprintf(say("rotation ±%.0f°", "旋转 ±%.0f°"), angle),
		fmt.Sprintf(say("brightness 1±%.1f", "亮度 1±%.1f"), factor),
		fmt.Sprintf(say("contrast 1±%.1f", "对比度 1±%.1f"), factor),
		fmt.Sprintf(say("saturation 1±%.1f", "饱和度 1±%.1f"), factor),
		fmt.Sprintf(say("hue ±%.1f", "色调 ±%.1f"), hue),
	}, Images: make([][]image.Image, 5)}
	for _, row := range g.Rows {
		g.Alt += row + say("; ", "；")
	}
	for _, k := range []float64{-1, -0.5, 0.5, 1} {
		for i, t := range []augment.Transform{ // ranges of one value each
			augment.RandomRotation{Degrees: augment.Span{k * angle, k * angle}},
			augment.ColorJitter{Brightness: augment.Span{1 + k*factor, 1 + k*factor}},
			augment.ColorJitter{Contrast: augment.Span{1 + k*factor, 1 + k*factor}},
			augment.ColorJitter{Saturation: augment.Span{1 + k*factor, 1 + k*factor}},
			augment.ColorJitter{Hue: augment.Span{k * hue, k * hue}},
		} {
			g.Images[i] = append(g.Images[i], Draws(t, img, 1)...)
		}
	}
	return g
}

// Curve is a training with its name, for Curves.
type Curve struct {
	Name    string
	History train.History
}

// Curves draws loss and accuracy of several trainings, those of the training
// images as lines, those of the validation images dashed, and prints where each
// ended.
func Curves(runs ...Curve) {
	loss := draw.Lines{Title: say("Loss", "损失"), XLabel: say("Epoch", "轮次"), WholeX: true, Alt: say("Loss and accuracy of trainings:", "几次训练的损失与准确率：")}
	accuracy := draw.Lines{Title: say("Accuracy", "准确率"), XLabel: say("Epoch", "轮次"), WholeX: true, Percent: true, Alt: " "}
	for i, r := range runs {
		if len(r.History) == 0 {
			must(0, wrong("the training %q has no epochs", "训练“%s”没有轮次", r.Name))
		}
		color := draw.Palette[i%len(draw.Palette)]
		add := func(l *draw.Lines, of func(train.Epoch) (training, validation float64)) {
			training := draw.Series{Name: say("training, ", "训练，") + r.Name, Color: color}
			validation := draw.Series{Name: say("validation, ", "验证，") + r.Name, Color: color, Dash: true, Marker: true}
			for _, e := range r.History {
				t, v := of(e)
				training.Y, validation.Y = append(training.Y, t), append(validation.Y, v)
			}
			l.Series = append(l.Series, training, validation)
		}
		add(&loss, func(e train.Epoch) (float64, float64) { return e.Loss, e.ValidLoss })
		add(&accuracy, func(e train.Epoch) (float64, float64) { return e.Accuracy, e.ValidAccuracy })
		last := r.History[len(r.History)-1]
		end := fmt.Sprintf(say("%s, epoch %d: training accuracy %.1f %%, validation accuracy %.1f %%", "%s，第 %d 轮：训练准确率 %.1f %%，验证准确率 %.1f %%"),
			r.Name, last.Epoch, 100*last.Accuracy, 100*last.ValidAccuracy)
		fmt.Println(end)
		loss.Alt += say(" ", "") + end + say(".", "。")
	}
	Show(draw.Beside(loss, accuracy))
}
