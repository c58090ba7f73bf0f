package main

import (
	"context"
	"fmt"
	"os"

	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/cnnlib/train"
	"convlab/convviz"
)

// trained is a network with the weights of a run.
type trained struct {
	network
	Dir string `type:"path" help:"Folder of the checkpoints (default: one with the name of network or recipe in the lab's runs folder)."`
}

func (t *trained) load(ctx context.Context) (*cnnlib.Model, train.History, error) {
	r, err := t.recipe()
	if err != nil {
		return nil, nil, err
	}
	m, err := newModel(ctx, r, nil, 0)
	if err != nil {
		return nil, nil, err
	}
	h, err := train.Load(m, runFolder(t.Dir, r.Name), os.Stderr)
	if err != nil {
		return nil, nil, fmt.Errorf("%w: convlab train %s --epochs 5", err, t)
	}
	return m, h, nil
}

// shown is the image that a network is shown.
type shown struct {
	dataFlag
	Photo string `type:"path" help:"A picture of yours (default: an image of the test set)."`
	Image int    `default:"0" help:"Which image of the test set, from 0."`
}

// open gives the pixels of the image and, of the test set, its class; else -1.
func (s *shown) open(ctx context.Context) (pixels []uint8, class int, err error) {
	if s.Photo != "" {
		pixels, _, err = look(s.Photo)
		return pixels, -1, err
	}
	data, err := cifar.Open(ctx, s.Data)
	if err != nil {
		return nil, 0, err
	}
	if s.Image < 0 || s.Image >= data.Test.Len() {
		return nil, 0, fmt.Errorf("--image %d: the test set has images 0 to %d", s.Image, data.Test.Len()-1)
	}
	pixels, label := data.Test.Example(s.Image)
	return pixels, int(label), nil
}

// overEpochs asks for a film of training.
type overEpochs struct {
	Film bool   `help:"Epoch by epoch, of a run trained with --keep-all."`
	Seed uint64 `default:"1" help:"With --film: the run's seed, for the weights before training."`
	filmTarget
}

// replay calls at with the weights before training and after every epoch.
func (t *trained) replay(ctx context.Context, seed uint64, at func(m *cnnlib.Model, epoch int) error) error {
	r, err := t.recipe()
	if err != nil {
		return err
	}
	dir := runFolder(t.Dir, r.Name)
	if _, err := os.Stat(dir); err != nil { // before the data set is fetched for nothing
		return fmt.Errorf("there is no run in %s: train first, with convlab train --keep-all", dir)
	}
	data, err := cifar.Open(ctx, "")
	if err != nil {
		return err
	}
	m, err := newModel(ctx, r, data.Train, seed)
	if err != nil {
		return err
	}
	return train.Replay(m, dir, func(epoch int) error {
		if err := ctx.Err(); err != nil {
			return err
		}
		return at(m, epoch)
	})
}

type drawKernels struct {
	trained
	Layer cnnlib.Path `default:"0" help:"The path of the convolution, as convlab summary gives it."`
	overEpochs
}

func (c *drawKernels) Run(ctx context.Context) error {
	if !c.Film {
		m, _, err := c.load(ctx)
		if err != nil {
			return err
		}
		values, shape, err := m.Weight(c.Layer, "weight")
		if err != nil {
			return err
		}
		p, err := convviz.Kernels(values, shape)
		return c.picture(ctx, "kernels", p, err)
	}
	var epochs, shape []int
	var all [][]float32
	err := c.replay(ctx, c.Seed, func(m *cnnlib.Model, epoch int) error {
		values, s, err := m.Weight(c.Layer, "weight")
		epochs, all, shape = append(epochs, epoch), append(all, values), s
		return err
	})
	if err != nil {
		return err
	}
	f, err := convviz.KernelsOver(epochs, all, shape)
	return c.film(ctx, "kernels", f, err)
}

type drawMaps struct {
	trained
	shown
	Layer cnnlib.Path `default:"1" help:"The path of the layer, as convlab summary gives it."`
	overEpochs
}

// maps are the layer's for the image.
func (c *drawMaps) maps(m *cnnlib.Model, pixels []uint8) (values []float32, shape []int, err error) {
	all, shape, err := m.Output(pixels, 1, c.Layer)
	if err != nil {
		return nil, nil, err
	}
	if len(shape) != 3 {
		return nil, nil, fmt.Errorf("layer %s gives %v, no maps [height, width, channels]: take an earlier one", c.Layer, shape)
	}
	return all[0], shape, nil
}

func (c *drawMaps) Run(ctx context.Context) error {
	pixels, _, err := c.open(ctx)
	if err != nil {
		return err
	}
	if !c.Film {
		m, _, err := c.load(ctx)
		if err != nil {
			return err
		}
		values, shape, err := c.maps(m, pixels)
		if err != nil {
			return err
		}
		p, err := convviz.FeatureMaps(values, shape[0], shape[1], shape[2])
		return c.picture(ctx, "maps", p, err)
	}
	var epochs, shape []int
	var all [][]float32
	err = c.replay(ctx, c.Seed, func(m *cnnlib.Model, epoch int) error {
		values, s, err := c.maps(m, pixels)
		epochs, all, shape = append(epochs, epoch), append(all, values), s
		return err
	})
	if err != nil {
		return err
	}
	f, err := convviz.FeatureMapsOver(epochs, all, shape[0], shape[1], shape[2])
	return c.film(ctx, "maps", f, err)
}

type drawInfluence struct {
	trained
	shown
	Layer cnnlib.Path `help:"The path of the unit's layer, as convlab summary gives it (default: the whole network)."`
	Unit  []int       `help:"The unit as row,column,channel (default: all of the layer, to find pixels that move none in 64 images from --image on)."`
	overEpochs
}

func (c *drawInfluence) Run(ctx context.Context) error {
	pixels, _, err := c.open(ctx)
	if err != nil {
		return err
	}
	if c.Film {
		if c.Unit == nil {
			return fmt.Errorf("--film is of one unit: give --unit, as 6,6")
		}
		return c.overTraining(ctx, pixels)
	}
	n := 1
	if c.Unit == nil && c.Photo == "" {
		data, err := cifar.Open(ctx, c.Data)
		if err != nil {
			return err
		}
		n = min(64, data.Test.Len()-c.Image)
		pixels = data.Test.Pixels[c.Image*len(pixels):][:n*len(pixels)]
	}
	m, _, err := c.load(ctx)
	if err != nil {
		return err
	}
	influence, err := m.Influence(pixels, n, c.Layer, c.Unit...)
	if err != nil {
		return err
	}
	if c.Unit == nil {
		p, err := convviz.BlindPixels(influence, cifar.Size, cifar.Size)
		return c.picture(ctx, "influence", p, err)
	}
	p, err := convviz.Influence(influence, cifar.Size, cifar.Size)
	return c.picture(ctx, "influence", p, err)
}

func (c *drawInfluence) overTraining(ctx context.Context, pixels []uint8) error {
	var epochs []int
	var all [][]float64
	err := c.replay(ctx, c.Seed, func(m *cnnlib.Model, epoch int) error {
		influence, err := m.Influence(pixels, 1, c.Layer, c.Unit...)
		epochs, all = append(epochs, epoch), append(all, influence)
		return err
	})
	if err != nil {
		return err
	}
	f, err := convviz.InfluenceOver(epochs, all, cifar.Size, cifar.Size)
	return c.film(ctx, "influence", f, err)
}
