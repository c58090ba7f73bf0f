package main

import (
	"context"
	"fmt"
	"os"

	"convlab/cifar"
	"convlab/convviz"
)

type explainCmd struct {
	Name string `arg:"" help:"A network as trained (3.1, 3.2, plain, augmented, fast), a folder of checkpoints, or a .pth, .pt, .ckpt, .safetensors or .onnx file."`
	opened
	dataFlag
	Out string `short:"o" type:"path" default:"explain.html" help:"File to write, .html."`
}

// Help has examples.
func (c *explainCmd) Help() string {
	return `The page holds the network and 30 pictures of the test set. It computes by itself, in any browser and without a
network: choose a picture or drop a photo of your own, look at the maps of every layer, click a number to see the window,
the weights and the products that it is made of. The network tells the classes of CIFAR-10; its layers are in series
or in parallel, as in residual networks.

Examples:

  convlab explain 3.1 -o page.html
  convlab explain runs/mine --net 3.1 -o page.html
  convlab explain lenet.onnx -o page.html`
}

func (c *explainCmd) Run(ctx context.Context) error {
	b, err := openBackend(ctx)
	if err != nil {
		return err
	}
	m, err := c.model(ctx, b, c.Name) // before the data set is fetched for nothing
	if err != nil {
		return err
	}
	data, err := cifar.Open(ctx, c.Data)
	if err != nil {
		return err
	}
	page, err := convviz.ClickThrough(m, ofEachClass(data.Test, 3))
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err := convviz.WritePage(c.Out, page, err); err != nil {
		return err
	}
	info, err := os.Stat(c.Out)
	if err != nil {
		return err
	}
	fmt.Printf("wrote %s, %.1f MB: open it in a browser\n", c.Out, float64(info.Size())/1e6)
	return nil
}

// ofEachClass are the first n images of each class.
func ofEachClass(images *cifar.Images, n int) convviz.Examples {
	e := convviz.Examples{Classes: cifar.Classes[:]}
	for class := range cifar.Classes {
		for i, found := 0, 0; i < images.Len() && found < n; i++ {
			if pixels, label := images.Example(i); int(label) == class {
				e.Pixels, e.Labels, found = append(e.Pixels, pixels...), append(e.Labels, class), found+1
			}
		}
	}
	return e
}
