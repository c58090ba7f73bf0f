package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"convlab/cifar"
	"convlab/cnnlib/train"
	"convlab/convviz"
)

type drawTraining struct {
	trained
	dataFlag
	Seed uint64 `default:"1" help:"The run's seed, for the weights before training."`
	target
}

// machineEpochs is about how many epochs a page shows; of a longer run some
// are left out. machinePictures of the test set are followed.
const (
	machineEpochs   = 20
	machinePictures = 6
)

func (c *drawTraining) Run(ctx context.Context) error {
	r, err := c.classifier()
	if err != nil {
		return err
	}
	dir := runFolder(c.Dir, r.Name)
	if _, err := os.Stat(dir); err != nil { // before the data set is fetched for nothing
		return fmt.Errorf("there is no run in %s: train first, with convlab train --keep-all", dir)
	}
	data, err := cifar.Open(ctx, c.Data)
	if err != nil {
		return err
	}
	m, err := newModel(ctx, r, data.Train, c.Seed)
	if err != nil {
		return err
	}
	trained, err := r.Model(m.Backend(), nil, 0)
	if err != nil {
		return err
	}
	history, err := train.Load(trained, dir, os.Stderr)
	if err != nil {
		return err
	}
	examples := ofEachClass(data.Test, 1)
	size := len(examples.Pixels) / len(examples.Labels)
	examples.Pixels, examples.Labels = examples.Pixels[:machinePictures*size], examples.Labels[:machinePictures]
	machine := convviz.TimeMachine{Examples: examples}
	every, shown := (len(history)+machineEpochs-1)/machineEpochs, 0
	err = train.Replay(m, dir, func(epoch int) error {
		if epoch%max(every, 1) != 0 && epoch != len(history) {
			return ctx.Err()
		}
		result, err := r.Evaluate(ctx, m, data.Test)
		if err != nil {
			return err
		}
		shown++
		fmt.Printf("epoch %d  %.2f %% of %d test images\n", epoch, 100*result.Accuracy, result.N)
		return errors.Join(machine.Add(m, epoch, result), ctx.Err())
	})
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		return err
	}
	page, err := machine.Page(history)
	file := c.file("training.html")
	if err := convviz.WritePage(file, page, err); err != nil {
		return err
	}
	fmt.Printf("drew %s, %d of %d epochs\n", file, shown-1, len(history))
	if (shown-1)*every < len(history) {
		fmt.Println("the checkpoints of the others were not kept: convlab train --keep-all keeps them")
	}
	return nil
}
