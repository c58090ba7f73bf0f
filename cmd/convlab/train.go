package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"convlab/cnnlib/train"
	"convlab/recipes"
)

type trainCmd struct {
	Net    string `arg:"" optional:"" enum:"3.1,3.2,${recipes}," default:"" help:"Network of the lesson, 3.1 or 3.2."`
	Recipe string `enum:"${recipes}," default:"" help:"A recipe in place of a network: ${recipes}."`
	runFlags
	Epochs   int     `help:"Epochs in all, those of earlier runs in --dir included (default: the recipe's; 10 for a network)."`
	Batch    int     `help:"Images a step (default: the recipe's, 256)."`
	LR       float64 `name:"lr" help:"Learning rate (default: the recipe's, 0.001)."`
	Valid    *int    `help:"Images split off for validation (default: 5000 for a network, 0 for a recipe)."`
	Devices  int     `default:"1" help:"Devices of this machine that share each batch."`
	BFloat16 bool    `name:"bfloat16" help:"Compute the layers in bfloat16, for GPUs, which are faster at that; CPUs are slower. Weights stay float32."`
	Keep     bool    `name:"keep-all" help:"Keep the checkpoint of every epoch, for convlab draw kernels --film."`

	Augment bool `help:"Shift by up to 4 pixels and mirror the images of each epoch at random; validation takes them as they are."`
}

func (c *trainCmd) Run(ctx context.Context) error {
	if (c.Net == "") == (c.Recipe == "") {
		return errors.New("give a network, as 3.2, or a recipe, as --recipe augmented")
	}
	r, err := network{cmp.Or(c.Recipe, c.Net)}.recipe()
	if err != nil {
		return err
	}
	r.BFloat16 = c.BFloat16
	data, m, err := c.open(ctx, r)
	if err != nil {
		return err
	}
	r.Epochs, r.BatchSize, r.Rate = cmp.Or(c.Epochs, r.Epochs), cmp.Or(c.Batch, r.BatchSize), cmp.Or(c.LR, r.Rate)
	if c.Augment && !r.Classifies() {
		return fmt.Errorf("--augment changes photos; what %s trains on is drawn anew in each epoch", r.Name)
	}
	if c.Augment {
		r.Augment = recipes.Augmented().Augment
	}
	valid := 0
	if c.Valid != nil {
		valid = *c.Valid
	} else if c.Net == "3.1" || c.Net == "3.2" {
		valid = 5000
	}
	cfg := r.Config(c.Seed)
	cfg.Dir, cfg.Log, cfg.OnStep, cfg.Devices = c.Dir, os.Stdout, progress(), c.Devices
	cfg.KeepAll = c.Keep
	images := data.Train
	if valid != 0 {
		rest, held, err := data.Train.Split(valid, c.Seed)
		if err != nil {
			return err
		}
		images, cfg.Valid = rest, r.Examples(held, recipes.Validation)
	}
	examples := r.Images(images, c.Seed)
	fmt.Printf("%s: %s, seed %d, %d images; %s, convlab %s\n", r.Name, settings(r), c.Seed, examples.Len(), machine(), revision())
	_, err = train.Fit(ctx, m, examples, cfg)
	return err
}

// progress shows each step on the terminal; nil where there is none.
func progress() func(train.Step) {
	if info, err := os.Stderr.Stat(); err != nil || info.Mode()&os.ModeCharDevice == 0 {
		return nil
	}
	return func(s train.Step) {
		const clear = "\r\x1b[K"
		fmt.Fprint(os.Stderr, clear, progressLine(s))
		if s.Done == s.Steps {
			fmt.Fprint(os.Stderr, clear) // the epoch's own line follows
		}
	}
}

func progressLine(s train.Step) string {
	return fmt.Sprintf("epoch %d of %d  step %d of %d  loss %.4f  %.0f images/s  %v left",
		s.Epoch, s.Epochs, s.Done, s.Steps, s.Loss, s.Rate, s.Left.Round(time.Second))
}
