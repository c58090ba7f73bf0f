package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"convlab/cnnlib/train"
	"convlab/internal/atomicfile"
)

type evalCmd struct {
	network
	runFlags
	Best   bool   `help:"Take the epoch with the best validation accuracy, not the newest weights."`
	Report string `type:"path" help:"Also write NAME.json and NAME.png: settings, every epoch, the result, this machine."`
}

func (c *evalCmd) Run(ctx context.Context) error {
	recipe, err := c.recipe()
	if err != nil {
		return err
	}
	if c.Report != "" {
		if err := atomicfile.Writable(filepath.Dir(c.Report)); err != nil {
			return err
		}
	}
	data, m, err := c.open(ctx, recipe)
	if err != nil {
		return err
	}
	load := train.Load
	if c.Best {
		load = train.LoadBest
	}
	history, err := load(m, c.Dir, os.Stderr)
	if err != nil {
		return err
	}
	r, err := recipe.Evaluate(ctx, m, data.Test)
	if err != nil {
		return err
	}
	if r.High == 0 { // the labels of an image's pixels are not independent
		fmt.Printf("after epoch %d: %.2f %% of the pixels of %d test images, mean IoU %.4f\n", len(history), 100*r.Accuracy, r.N, r.MeanIoU)
	} else {
		fmt.Printf("after epoch %d: %.2f %% of %d test images, 95 %% interval %.2f to %.2f %%\n",
			len(history), 100*r.Accuracy, r.N, 100*r.Low, 100*r.High)
	}
	if c.Report == "" || ctx.Err() != nil {
		return ctx.Err()
	}
	return writeReport(c.Report, recipe, c.Seed, m, history, r)
}
