package main

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"slices"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/convviz"
)

type drawExplain struct {
	trained
	shown
	Layer cnnlib.Path `help:"The path of the layer whose maps Grad-CAM weighs, as convlab summary gives it (default: the last with maps that does not pool)."`
	Class string      `help:"The class that is explained (default: what the network says)."`
	target
}

// lastMaps is the layer whose maps Grad-CAM weighs: the last with maps that is
// neither pooling nor dropout.
func lastMaps(m *cnnlib.Model) (cnnlib.Path, error) {
	root, err := cnnlib.Resolve(m.Net(), m.Input())
	if err != nil {
		return "", err
	}
	for _, p := range slices.Backward(root.Parts) {
		if len(p.Info.Output) != 3 {
			continue
		}
		switch p.Layer.(type) {
		case cnnlib.MaxPool, cnnlib.AvgPool, cnnlib.Dropout:
		default:
			return p.Path, nil
		}
	}
	return "0", nil
}

func (c *drawExplain) Run(ctx context.Context) error {
	pixels, _, err := c.open(ctx)
	if err != nil {
		return err
	}
	m, _, err := c.load(ctx)
	if err != nil {
		return err
	}
	r, err := c.classifier()
	if err != nil {
		return err
	}
	random, err := newModel(ctx, r, nil, 0)
	if err != nil {
		return err
	}
	class := slices.Index(cifar.Classes[:], c.Class)
	if class < 0 && c.Class != "" {
		return fmt.Errorf("--class %s: the classes are %v", c.Class, cifar.Classes)
	}
	if class < 0 {
		logits, err := m.Predict(pixels, 1)
		if err != nil {
			return err
		}
		class = best(cnnlib.Softmax(logits[0]), 1)[0].class
	}
	if c.Layer == "" {
		if c.Layer, err = lastMaps(m); err != nil {
			return err
		}
	}
	list, err := convviz.Explain(ctx, m, random, pixels, c.Layer, class)
	if err != nil {
		return err
	}
	p, err := convviz.Saliencies(small(pixels), cifar.Classes[class], list...)
	return c.picture(ctx, "explain", p, err)
}

// answer is what a network says of an image of the test set.
type answer struct {
	image, truth int
	guess
}

func (t *trained) answers(ctx context.Context, folder string) (*cifar.Images, []answer, error) {
	if _, err := t.classifier(); err != nil {
		return nil, nil, err
	}
	m, _, err := t.load(ctx) // before the data set is fetched for nothing
	if err != nil {
		return nil, nil, err
	}
	data, err := cifar.Open(ctx, folder)
	if err != nil {
		return nil, nil, err
	}
	logits, err := m.PredictContext(ctx, data.Test.Pixels, data.Test.Len())
	if err != nil {
		return nil, nil, err
	}
	var all []answer
	for i, row := range logits {
		all = append(all, answer{i, int(data.Test.Labels[i]), best(cnnlib.Softmax(row), 1)[0]})
	}
	return data.Test, all, nil
}

type drawConfusion struct {
	trained
	dataFlag
	target
}

func (c *drawConfusion) Run(ctx context.Context) error {
	images, all, err := c.answers(ctx, c.Data)
	if err != nil {
		return err
	}
	counts, examples := make([][]int, cifar.NumClasses), make([][][]image.Image, cifar.NumClasses)
	for i := range counts {
		counts[i], examples[i] = make([]int, cifar.NumClasses), make([][]image.Image, cifar.NumClasses)
	}
	for _, a := range all {
		counts[a.truth][a.class]++
		examples[a.truth][a.class] = append(examples[a.truth][a.class], images.Image(a.image))
	}
	page, err := convviz.ConfusionExamples(counts, cifar.Classes[:], examples)
	file := c.file("confusion.html")
	if err := convviz.WritePage(file, page, err); err != nil {
		return err
	}
	fmt.Println("drew", file)
	return nil
}

type drawMistakes struct {
	trained
	dataFlag
	Count int `default:"16" help:"How many."`
	target
}

func (c *drawMistakes) Run(ctx context.Context) error {
	if c.Count < 1 || c.Count > 200 {
		return fmt.Errorf("--count %d: from 1 to 200 can be drawn", c.Count)
	}
	images, all, err := c.answers(ctx, c.Data)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(a answer) bool { return a.truth == a.class })
	slices.SortStableFunc(all, func(a, b answer) int { return cmp.Compare(b.p, a.p) })
	var list []convviz.Mistake
	for _, a := range all[:min(c.Count, len(all))] {
		list = append(list, convviz.Mistake{Image: images.Image(a.image), True: cifar.Classes[a.truth], Predicted: cifar.Classes[a.class], Probability: float64(a.p)})
	}
	p, err := convviz.Mistakes(list)
	return c.picture(ctx, "mistakes", p, err)
}

type drawCurves struct {
	trained
	target
}

func (c *drawCurves) Run(ctx context.Context) error {
	_, history, err := c.load(ctx)
	if err != nil {
		return err
	}
	p, err := convviz.Curves(history)
	return c.picture(ctx, "curves", p, err)
}

type drawClasses struct {
	dataFlag
	target
}

func (c *drawClasses) Run(ctx context.Context) error {
	data, err := cifar.Open(ctx, c.Data)
	if err != nil {
		return err
	}
	images := make([][]image.Image, cifar.NumClasses)
	for i := range data.Train.Len() {
		if label := data.Train.Labels[i]; len(images[label]) < 10 {
			images[label] = append(images[label], data.Train.Image(i))
		}
	}
	p, err := convviz.Classes(images, cifar.Classes[:])
	return c.picture(ctx, "classes", p, err)
}

type drawHistograms struct {
	dataFlag
	target
}

func (c *drawHistograms) Run(ctx context.Context) error {
	data, err := cifar.Open(ctx, c.Data)
	if err != nil {
		return err
	}
	p, err := convviz.ChannelHistograms(data.Train.Pixels, cifar.Channels)
	return c.picture(ctx, "histograms", p, err)
}
