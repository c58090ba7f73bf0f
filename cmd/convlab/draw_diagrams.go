package main

import (
	"context"
	"fmt"
	"image"
	"strconv"
	"strings"

	"convlab/augment"
	"convlab/cifar"
	"convlab/cnnlib"
	"convlab/convviz"
)

// mixing is a layer between channels: "g3" for three groups, "s3" for a
// shuffle of three.
func mixing(text string) (convviz.Mixing, error) {
	text = strings.TrimSpace(text)
	n := 0
	if len(text) > 1 {
		n, _ = strconv.Atoi(text[1:])
	}
	switch {
	case n > 0 && text[0] == 'g':
		return convviz.Grouped(n), nil
	case n > 0 && text[0] == 's':
		return convviz.Shuffled(n), nil
	}
	return convviz.Mixing{}, fmt.Errorf("%q is no layer: write g3 for a convolution in 3 groups, s3 for a shuffle of 3", text)
}

type drawReach struct {
	Channels int      `default:"12" help:"Channels of every layer."`
	Unit     int      `default:"0" help:"The output channel that is followed back."`
	Layers   []string `default:"g3,s3,g3" help:"The layers in order: g3 is a convolution in 3 groups, s3 a shuffle of 3."`
	target
}

func (c *drawReach) Run(ctx context.Context) error {
	var layers []convviz.Mixing
	for _, text := range c.Layers {
		m, err := mixing(text)
		if err != nil {
			return err
		}
		layers = append(layers, m)
	}
	p, err := convviz.ChannelReach(c.Channels, c.Unit, layers...)
	return c.picture(ctx, "reach", p, err)
}

type drawConnections struct {
	Channels int    `default:"12" help:"Channels."`
	Layer    string `default:"g3" help:"g3 is a convolution in 3 groups, s3 a shuffle of 3."`
	target
}

func (c *drawConnections) Run(ctx context.Context) error {
	m, err := mixing(c.Layer)
	if err != nil {
		return err
	}
	p, err := convviz.Connections(c.Channels, m)
	return c.picture(ctx, "connections", p, err)
}

type drawCoverage struct {
	Kernel int   `default:"3" help:"Side of every kernel."`
	Rates  []int `default:"2,2,2" help:"Dilation of each layer."`
	target
}

func (c *drawCoverage) Run(ctx context.Context) error {
	p, err := convviz.Coverage(c.Kernel, c.Rates...)
	return c.picture(ctx, "coverage", p, err)
}

type drawNetwork struct {
	design
	Layer cnnlib.Path `help:"The path of a layer that is made of others, as convlab summary gives it: draw its inside (default: the whole network)."`
	target
}

func (c *drawNetwork) Run(ctx context.Context) error {
	net, in, err := c.open()
	if err != nil {
		return err
	}
	p, err := convviz.Inside(net, in, c.Layer)
	return c.picture(ctx, "network", p, err)
}

type drawCosts struct {
	design
	target
}

func (c *drawCosts) Run(ctx context.Context) error {
	net, in, err := c.open()
	if err != nil {
		return err
	}
	sum, err := net.Summary(in)
	if err != nil {
		return err
	}
	p, err := convviz.Costs(sum, nil)
	return c.picture(ctx, "costs", p, err)
}

type drawField struct {
	design
	Photo  string      `type:"path" help:"Box what one unit sees on this picture."`
	Layer  cnnlib.Path `default:"0" help:"With --photo: the path of the unit's layer, as convlab summary gives it."`
	Row    int         `default:"0" help:"With --photo: the unit's row."`
	Column int         `default:"0" help:"With --photo: the unit's column."`
	target
}

func (c *drawField) Run(ctx context.Context) error {
	net, in, err := c.open()
	if err != nil {
		return err
	}
	if c.Photo == "" {
		p, err := convviz.ReceptiveField(net, in)
		return c.picture(ctx, "field", p, err)
	}
	if len(in) != 3 {
		return fmt.Errorf("--photo is for images [height, width, channels], the network takes %v", in)
	}
	_, photo, err := middle(c.Photo, in[0], in[1])
	if err != nil {
		return err
	}
	p, err := convviz.ReceptiveFieldOn(net, in, photo.Std(), c.Layer, c.Row, c.Column)
	return c.picture(ctx, "field", p, err)
}

// small is the image that a network is shown, of its bytes.
func small(pixels []uint8) image.Image {
	return augment.Image{W: cifar.Size, H: cifar.Size, Pix: pixels}.Std()
}
