package cnnlib

import "convlab/internal/geometry"

// Reach tells which input channels each output channel can see:
// Reach[out][in].
type Reach = geometry.Reach

// reacher is a layer that does not connect each channel with itself alone.
type reacher interface {
	reach(in []int) geometry.Reach
}

func groupReach(c convolution, in []int) geometry.Reach {
	a, _, err := c.arithmetic(in)
	if err != nil {
		panic(err) // the layer has been checked
	}
	return geometry.GroupReach(a.In, a.Out, a.Groups)
}

func (c Conv) reach(in []int) geometry.Reach           { return groupReach(c, in) }
func (c TransposedConv) reach(in []int) geometry.Reach { return groupReach(c, in) }
func (c DepthwiseConv) reach(in []int) geometry.Reach  { return groupReach(c, in) }
func (d Dense) reach(in []int) geometry.Reach          { return geometry.GroupReach(in[0], d.Out, 1) }

func (Flatten) reach(in []int) geometry.Reach {
	channels := in[len(in)-1]
	positions := int(product(in)) / channels
	return geometry.GroupReach(channels, channels*positions, channels)
}

// reachOf is the reach of a layer that has been checked for in.
func reachOf(l Layer, in []int) geometry.Reach {
	if r, ok := l.(reacher); ok {
		return r.reach(in)
	}
	return geometry.SelfReach(in[len(in)-1])
}

// Reach tells which channels of an input of shape in each output channel can
// see, whatever the weights are (lessons 1.8 and 1.9).
func (s Sequential) Reach(in []int) (Reach, error) {
	infos, err := s.infos(in)
	if err != nil {
		return nil, err
	}
	r := geometry.SelfReach(in[len(in)-1])
	for i, info := range infos {
		r = r.Then(reachOf(s[i], in))
		in = info.Output
	}
	return r, nil
}
