package main

import (
	"context"
	"fmt"

	"convlab/convviz"
)

type drawStack struct {
	window
	Volume     bool `help:"Move in depth too (lesson 1.3); else the planes are channels (lesson 1.2.2)."`
	Transposed bool `help:"The transposed convolution, drawn as the plain one that gives the same (lesson 1.4.1)."`
	Filters    int  `default:"1" help:"Kernels, of channels."`
	Groups     int  `default:"1" help:"Groups of channels and kernels (lesson 1.8)."`
	Flat       bool `help:"Draw a volume's slices side by side, not isometric."`
	filmTarget
}

func (c *drawStack) Run(ctx context.Context) error {
	s, err := c.stack()
	if err != nil {
		return err
	}
	if c.Volume && !c.Flat {
		f, err := s.Isometric()
		return c.film(ctx, "stack", f, err)
	}
	f, err := s.Film()
	return c.film(ctx, "stack", f, err)
}

func (c *drawStack) stack() (s convviz.Stack, err error) {
	if len(c.Input) != 3 {
		return s, fmt.Errorf("--input has %d sides: give the planes too, as 3x5x5", len(c.Input))
	}
	axes := 2
	if c.Volume {
		axes = 3
	}
	if err := c.check(axes); err != nil {
		return s, err
	}
	planesIn := c.Input[0]
	switch {
	case c.Filters < 1 || c.Groups < 1 || c.Filters > 1000:
		return s, fmt.Errorf("--filters %d and --groups %d start at 1", c.Filters, c.Groups)
	case (c.Volume || c.Transposed) && c.Filters*c.Groups != 1:
		return s, fmt.Errorf("a volume and a transposed convolution are drawn with one kernel: leave out --filters and --groups")
	case planesIn%c.Groups != 0 || c.Filters%c.Groups != 0:
		return s, fmt.Errorf("%d channels and %d filters cannot be split into %d groups", planesIn, c.Filters, c.Groups)
	}
	kernel := c.Kernel
	if !c.Volume {
		kernel = sides{planesIn / c.Groups, kernel[0], kernel[1]}
	}
	x, err := numbersFor(c.Values, "input", times(c.Input...), 0, 9, c.Seed, 1)
	if err != nil {
		return s, err
	}
	size := times(kernel...)
	k, err := numbersFor(c.Weights, "kernels", times(size, c.Filters), -2, 2, c.Seed, 2)
	if err != nil {
		return s, err
	}
	var filters [][][][]float64
	for f := range c.Filters {
		filters = append(filters, planes(k[f*size:], kernel[0], kernel[1], kernel[2]))
	}
	if s, err = convviz.StackOf(c.layer(c.Transposed, c.Groups), planes(x, planesIn, c.Input[1], c.Input[2]), filters...); err != nil {
		return s, err
	}
	s.Volume = c.Volume
	return s, c.compute(&s, x, k, kernel)
}

// compute lets cnnlib compute the output, for which channels go last.
func (c *drawStack) compute(s *convviz.Stack, x, k []float64, kernel sides) error {
	places, in := c.Input[1]*c.Input[2], c.Input[1:]
	last, kernels, shape := x, k, []int{kernel[0], kernel[1], kernel[2], 1, 1}
	if c.Volume {
		in = c.Input
	} else {
		taps := kernel[1] * kernel[2]
		last, kernels = make([]float64, len(x)), make([]float64, len(k))
		for i, v := range x {
			last[i%places*c.Input[0]+i/places] = v
		}
		for i, v := range k {
			f, channel, tap := i/(kernel[0]*taps), i/taps%kernel[0], i%taps
			kernels[(tap*kernel[0]+channel)*c.Filters+f] = v
		}
		shape = []int{kernel[1], kernel[2], kernel[0], c.Filters}
		if c.Transposed {
			shape = []int{kernel[1], kernel[2], 1, kernel[0]} // out and in change places
		}
	}
	channels := len(x) / times(in...)
	y, output, err := computed(c.windows(), c.Transposed, last, append(append([]int{}, in...), channels), kernels, shape, c.Groups)
	if err != nil {
		return err
	}
	out := append([]int{c.Filters}, output...)
	out = out[len(out)-3:] // of a volume the planes are its own
	maps := make([]float64, len(y))
	for i, v := range y {
		maps[i%c.Filters*(len(y)/c.Filters)+i/c.Filters] = v
	}
	s.Output = planes(maps, out[0], out[1], out[2])
	return nil
}
