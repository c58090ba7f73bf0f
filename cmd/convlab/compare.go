package main

import (
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/train"
	"convlab/cnnlib/weights"
	"convlab/convviz"
	"convlab/recipes"

	"github.com/gomlx/compute"
)

type compareCmd struct {
	A     string `arg:"" help:"A network as trained (3.1, 3.2, plain, augmented, fast), a folder of checkpoints, or a .pth, .pt, .ckpt, .safetensors or .onnx file."`
	B     string `arg:"" help:"Another, the same choice."`
	Net   string `enum:"3.1,3.2,plain,augmented,fast" default:"3.2" help:"Network or recipe of a folder or file that holds weights alone."`
	Image string `type:"existingfile" help:"A picture to run both on (default: noise, always the same)."`
	Input sides  `help:"Shape of one example, height, width and channels, as 48x192x3, for an .onnx file that leaves height or width open."`
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

// model opens what is named on the command line.
func (c *compareCmd) model(ctx context.Context, b compute.Backend, name string) (*cnnlib.Model, error) {
	cifarInput := cnnlib.Options{Mean: cifar.Mean[:], Std: cifar.Std[:]}
	if strings.EqualFold(filepath.Ext(name), ".onnx") {
		net, err := weights.ReadONNX(name, c.Input...)
		if err != nil {
			return nil, err
		}
		if net.Mean == nil && net.In[len(net.In)-1] == len(cifar.Mean) {
			fmt.Fprintf(os.Stderr, "%s takes normalised pixels: they get CIFAR-10's mean and deviation\n", name)
			net.Mean, net.Std = cifarInput.Mean, cifarInput.Std
		}
		return net.Model(b)
	}
	named, folder := c.Net, ""
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		folder = name
	} else if name == "3.1" || name == "3.2" || slices.Contains(recipes.Names(), name) {
		named, folder = name, runFolder("", name)
	}
	r, err := network{Net: named}.recipe()
	if err != nil {
		return nil, err
	}
	m, err := r.Model(b, nil, 0)
	if err != nil {
		return nil, err
	}
	if folder != "" {
		_, err = train.Load(m, folder, os.Stderr)
	} else {
		var report weights.Report
		if report, err = weights.ImportContext(ctx, m, name); err == nil {
			fmt.Fprintf(os.Stderr, "%s: %s\n", name, report)
		}
	}
	return m, err
}

// pixels is the picture, or noise.
func (c *compareCmd) pixels(in []int) ([]uint8, string, error) {
	if c.Image == "" {
		size := 1
		for _, d := range in {
			size *= d
		}
		rng, noise := rand.New(rand.NewPCG(1, 1)), make([]uint8, size)
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
