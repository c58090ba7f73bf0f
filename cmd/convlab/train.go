package main

import (
	"context"
	"fmt"
	"os"
	"time"

	"convlab/cnnlib/train"
)

type trainCmd struct {
	runFlags
	Epochs int     `default:"10" help:"Epochs in all, those of earlier runs in --dir included."`
	Batch  int     `default:"256" help:"Images a step."`
	LR     float64 `name:"lr" default:"0.001" help:"Learning rate of Adam."`
	Valid  int     `default:"5000" help:"Images split off for validation; 0 for none."`
	Keep   bool    `name:"keep-all" help:"Keep the checkpoint of every epoch, for convlab draw kernels --film."`
}

func (c *trainCmd) Run(ctx context.Context) error {
	data, m, err := c.open()
	if err != nil {
		return err
	}
	cfg := train.Config{Epochs: c.Epochs, BatchSize: c.Batch, LearningRate: c.LR, Seed: c.Seed,
		Dir: c.Dir, KeepAll: c.Keep, Log: os.Stdout, OnStep: progress()}
	images := data.Train
	if c.Valid != 0 {
		rest, valid, err := data.Train.Split(c.Valid, c.Seed)
		if err != nil {
			return err
		}
		images, cfg.Valid = rest, valid
	}
	_, err = train.Fit(ctx, m, images, cfg)
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
