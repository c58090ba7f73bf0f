package main

import (
	"context"
	"fmt"
	"os"

	"convlab/cnnlib/train"
)

type trainCmd struct {
	runFlags
	Epochs int     `default:"10" help:"Epochs in all, those of earlier runs in --dir included."`
	Batch  int     `default:"256" help:"Images a step."`
	LR     float64 `name:"lr" default:"0.001" help:"Learning rate of Adam."`
	Valid  int     `default:"5000" help:"Images split off for validation."`
}

func (c *trainCmd) Run(ctx context.Context) error {
	data, m, err := c.open()
	if err != nil {
		return err
	}
	images, valid, err := data.Train.Split(c.Valid, c.Seed)
	if err != nil {
		return err
	}
	_, err = train.Fit(ctx, m, images, train.Config{Epochs: c.Epochs, BatchSize: c.Batch, LearningRate: c.LR, Seed: c.Seed,
		Valid: valid, Dir: c.Dir, Log: os.Stdout, OnStep: func(done, n int) {
			fmt.Fprintf(os.Stderr, "\rstep %d of %d ", done, n)
			if done == n {
				fmt.Fprint(os.Stderr, "\r")
			}
		}})
	return err
}
