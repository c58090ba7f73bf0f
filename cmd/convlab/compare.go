package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/convviz"
	"convlab/internal/geometry"
)

type compareCmd struct {
	A string `arg:"" help:"A network as trained (3.1, 3.2, ${recipes}), a folder of checkpoints, or a .pth, .pt, .ckpt, .safetensors or .onnx file."`
	B string `arg:"" help:"Another, the same choice."`
	opened
	Image string `type:"existingfile" help:"A picture to run both on (default: noise, always the same)."`
	Draw  string `type:"path" help:"Write the differences as a heat map too: NAME.svg, NAME.png, or both for NAME."`
}

// Help has examples.
func (c *compareCmd) Help() string {
	return `Differences are absolute; "largest/scale" is relative to the largest number of the layer's output in A.

Examples:

  convlab compare 3.1 lenet.onnx
  convlab compare open.onnx other.onnx --input 48x192x3
  convlab compare model.pth runs/mine --image photo.jpg --draw differences.png`
}

func (c *compareCmd) Run(ctx context.Context) error {
	b, err := openBackend(ctx)
	if err != nil {
		return err
	}
	first, err := c.model(ctx, b, c.A)
	if err != nil {
		return err
	}
	second, err := c.model(ctx, b, c.B)
	if err != nil {
		return err
	}
	pixels, saw, err := c.pixels(first.Input())
	if err != nil {
		return err
	}
	differences, err := cnnlib.Compare(ctx, first, second, pixels)
	if err != nil {
		return err
	}
	fmt.Printf("%s\n%s\n%s\n%s", saw, "A: "+c.A, "B: "+c.B, differences)
	if c.Draw == "" || ctx.Err() != nil {
		return ctx.Err()
	}
	p, err := convviz.Differences(differences)
	return convviz.Write(c.Draw, p, err)
}

// pixels is the picture, or noise.
func (c *compareCmd) pixels(in []int) ([]uint8, string, error) {
	if c.Image == "" {
		rng, noise := rand.New(rand.NewPCG(1, 1)), make([]uint8, geometry.Volume(in))
		for i := range noise {
			noise[i] = uint8(rng.Uint32())
		}
		return noise, fmt.Sprintf("noise of shape %v", in), nil
	}
	if !slices.Equal(in, nets.CIFARInput()) {
		return nil, "", fmt.Errorf("pictures are made for input %v, this network takes %v: leave --image away", nets.CIFARInput(), in)
	}
	return look(c.Image)
}
