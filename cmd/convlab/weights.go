package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/cnnlib/weights"
)

// weightsOf names a run: its network, which stands before the file.
type weightsOf struct {
	network
	Dir string `type:"path" help:"Folder of the checkpoints (default: one with the name of network or recipe in the lab's runs folder)."`
}

// model is the run's network on the chosen backend.
func (w *weightsOf) model(ctx context.Context) (*cnnlib.Model, error) {
	r, err := w.recipe()
	if err != nil {
		return nil, err
	}
	w.Dir = runFolder(w.Dir, r.Name)
	return newModel(ctx, r, nil, 0)
}

type exportCmd struct {
	weightsOf
	File  string `arg:"" type:"path" help:"Name of the file; its ending says what is written: .pth, .pt (PyTorch) or .safetensors: the weights; .onnx (onnxruntime, any batch size) or .stablehlo (convserve, JAX; needs XLA): the whole network."`
	Best  bool   `help:"Take the epoch with the best validation accuracy, not the newest weights."`
	Batch int    `default:"1" help:"Batch size of a .stablehlo file, which is fixed."`
}

// Help has examples.
func (c *exportCmd) Help() string {
	return `Examples:

  convlab export 3.1 lenet.pth
  convlab export 3.2 net.safetensors --best
  convlab export 3.2 net.onnx
  convlab export 3.2 net.stablehlo --batch 10
  convserve net.stablehlo photo.jpg`
}

func (c *exportCmd) Run(ctx context.Context) error {
	m, err := c.model(ctx)
	if err != nil {
		return err
	}
	load := train.Load
	if c.Best {
		load = train.LoadBest
	}
	if _, err := load(m, c.Dir, os.Stderr); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	what := "weights"
	switch strings.ToLower(filepath.Ext(c.File)) {
	case ".stablehlo":
		what, err = "network", weights.ExportStableHLO(ctx, m, c.File, c.Batch, cifar.Classes[:])
	case ".onnx":
		what, err = "network", weights.ExportContext(ctx, m, c.File)
	default:
		err = weights.ExportContext(ctx, m, c.File)
	}
	if err != nil {
		return err
	}
	fmt.Println(what, "of", c.Dir, "in", c.File)
	return nil
}

type importCmd struct {
	weightsOf
	File string `arg:"" type:"path" help:"A state dict or checkpoint of PyTorch or Lightning (.pth, .pt, .ckpt), a .safetensors file, or the same network as .onnx; the content tells which."`
}

// Help has examples.
func (c *importCmd) Help() string {
	return `The weights are matched by name, also after a prefix as "module." or "state_dict.net."; else in the order of a
file of PyTorch, where all kinds and shapes agree; else by modules, where kinds, shapes and numbers leave one way only.
How it was done and what was left out is printed.

Examples:

  convlab import 3.2 model.pth --dir runs/mine
  convlab import 3.2 epoch=9.ckpt --dir runs/lightning
  convlab import 3.1 lenet.onnx --dir runs/onnx`
}

func (c *importCmd) Run(ctx context.Context) error {
	m, err := c.model(ctx)
	if err != nil {
		return err
	}
	report, err := weights.ImportContext(ctx, m, c.File)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := train.Save(m, c.Dir); err != nil {
		return err
	}
	fmt.Println("weights of", c.File, "in", c.Dir, "for eval, predict and train")
	fmt.Println(report)
	return nil
}
