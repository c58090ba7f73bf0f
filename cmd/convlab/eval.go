package main

import (
	"context"
	"fmt"
	"os"

	"convlab/cnnlib/train"
)

type evalCmd struct {
	runFlags
	Best bool `help:"Take the epoch with the best validation accuracy, not the newest weights."`
}

func (c *evalCmd) Run(ctx context.Context) error {
	data, m, err := c.open()
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
	r, err := train.Evaluate(ctx, m, data.Test, 100)
	if err == nil {
		fmt.Printf("after epoch %d: %.2f %% of %d test images, 95 %% interval %.2f to %.2f %%\n",
			len(history), 100*r.Accuracy, r.N, 100*r.Low, 100*r.High)
	}
	return err
}
