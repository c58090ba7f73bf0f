package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/cnnlib/weights"
	"convlab/recipes"

	"github.com/gomlx/compute"
)

// opened is how a trained network is opened that may be a run, a folder or a
// file.
type opened struct {
	Net   string `enum:"3.1,3.2,plain,augmented,fast" default:"3.2" help:"Network or recipe of a folder or file that holds weights alone."`
	Input sides  `help:"Shape of one example, height, width and channels, as 48x192x3, for an .onnx file that leaves height or width open."`
}

// model opens what is named on the command line.
func (o opened) model(ctx context.Context, b compute.Backend, name string) (*cnnlib.Model, error) {
	cifarInput := cnnlib.Options{Mean: cifar.Mean[:], Std: cifar.Std[:]}
	if strings.EqualFold(filepath.Ext(name), ".onnx") {
		net, err := weights.ReadONNX(name, o.Input...)
		if err != nil {
			return nil, err
		}
		if net.Mean == nil && net.In[len(net.In)-1] == len(cifar.Mean) {
			fmt.Fprintf(os.Stderr, "%s takes normalised pixels: they get CIFAR-10's mean and deviation\n", name)
			net.Mean, net.Std = cifarInput.Mean, cifarInput.Std
		}
		return net.Model(b)
	}
	named, folder := o.Net, ""
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
