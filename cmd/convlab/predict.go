package main

import (
	"context"
	"fmt"
	"os"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/internal/likeliest"
)

type predictCmd struct {
	File string `arg:"" type:"path" help:"A JPEG, PNG, WebP, GIF, BMP or TIFF picture."`
	Net  string `enum:"3.1,3.2,${recipes}" default:"3.2" help:"Network of the lesson, 3.1 or 3.2, or a recipe: ${recipes}."`
	Dir  string `type:"path" help:"Folder of the checkpoints (default: one with the name of network or recipe in the lab's runs folder)."`

	Picture string `type:"path" help:"Also draw the photo, what the network sees and the five classes into this file, .svg or .png."`
}

func (c *predictCmd) Run(ctx context.Context) error {
	pixels, saw, err := look(c.File)
	if err != nil {
		return err
	}
	r, err := network{c.Net}.classifier()
	if err != nil {
		return err
	}
	m, err := newModel(ctx, r, nil, 0)
	if err != nil {
		return err
	}
	history, err := train.Load(m, runFolder(c.Dir, r.Name), os.Stderr)
	if err != nil {
		return fmt.Errorf("%w: convlab train %s --epochs 5", err, c.Net)
	}
	logits, err := m.Predict(pixels, 1)
	if err != nil {
		return err
	}
	fmt.Printf("%s\nnetwork %s after epoch %d says:\n", saw, c.Net, len(history))
	guesses := best(cnnlib.Softmax(logits[0]), 5)
	for _, g := range guesses {
		fmt.Printf("  %5.1f %%  %s\n", 100*g.p, cifar.Classes[g.class])
	}
	fmt.Println("It knows these ten classes and no other: it names one of them whatever the picture shows.")
	if err := ctx.Err(); err != nil {
		return err
	}
	if c.Picture != "" {
		return drawGuesses(c.Picture, c.File, pixels, guesses)
	}
	return nil
}

type guess struct {
	class int
	p     float32
}

// best gives the n most likely classes, the most likely first.
func best(p []float32, n int) []guess {
	var guesses []guess
	for _, class := range likeliest.Classes(p, n) {
		guesses = append(guesses, guess{class, p[class]})
	}
	return guesses
}
