package main

import (
	"fmt"
	"os"

	"convlab/cnnlib/train"
	"convlab/cnnlib/weights"
)

type exportCmd struct {
	network
	runFlags
	File string `arg:"" type:"path" help:"Name of the file: .safetensors, .pth or .pt."`
	Best bool   `help:"Take the epoch with the best validation accuracy, not the newest weights."`
}

func (c *exportCmd) Run() error {
	r, err := c.recipe()
	if err != nil {
		return err
	}
	m, err := newModel(r, nil, c.Seed)
	if err != nil {
		return err
	}
	c.Dir = runFolder(c.Dir, r.Name)
	load := train.Load
	if c.Best {
		load = train.LoadBest
	}
	if _, err := load(m, c.Dir, os.Stderr); err != nil {
		return err
	}
	if err := weights.Export(m, c.File); err != nil {
		return err
	}
	fmt.Println("weights of", c.Dir, "in", c.File)
	return nil
}

type importCmd struct {
	network
	runFlags
	File string `arg:"" type:"existingfile" help:"A .safetensors file or a state dict of PyTorch (.pth, .pt)."`
}

func (c *importCmd) Run() error {
	r, err := c.recipe()
	if err != nil {
		return err
	}
	m, err := newModel(r, nil, c.Seed)
	if err != nil {
		return err
	}
	if err := weights.Import(m, c.File); err != nil {
		return err
	}
	c.Dir = runFolder(c.Dir, r.Name)
	if err := train.Save(m, c.Dir); err != nil {
		return err
	}
	fmt.Println("weights of", c.File, "in", c.Dir, "for eval, predict and train")
	return nil
}
