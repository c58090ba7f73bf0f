package cnnlib

import (
	"fmt"

	"convlab/cnnlib/internal/lower"

	"github.com/gomlx/compute"
)

// planner is a layer whose computation was chosen.
type planner interface {
	plans(b compute.Backend, dims []int) []string
}

func planText(l Layer, dims []int, p Plan) string {
	return fmt.Sprintf("%s: forward %s, input gradient %s, kernel gradient %s", nameOf(l, dims[1:]), p.Forward, p.Input, p.Kernel)
}

func (c Conv) plans(b compute.Backend, dims []int) []string {
	a, info, err := c.arithmetic(dims[1:])
	if err != nil {
		return nil
	}
	return []string{planText(c, dims, lower.Chosen(b, dims, info.Weights[0].Shape, lowerConv(a), c.Plan))}
}

func (c TransposedConv) plans(b compute.Backend, dims []int) []string {
	a, info, err := c.arithmetic(dims[1:])
	if err != nil {
		return nil
	}
	p := lower.ChosenTransposed(b, dims, info.Weights[0].Shape, lowerConv(a), info.Output[:len(info.Output)-1], c.Plan)
	p.Forward, p.Input = p.Input, p.Forward
	return []string{planText(c, dims, p)}
}

func (c DepthwiseConv) plans(b compute.Backend, dims []int) []string {
	return c.conv(dims[len(dims)-1]).plans(b, dims)
}
func (c ShuffledConv) plans(b compute.Backend, dims []int) []string { return c.conv().plans(b, dims) }

func (c SeparableConv) plans(b compute.Backend, dims []int) []string {
	return plansOfParts(c.parts(), b, dims)
}
func (c SpatialConv) plans(b compute.Backend, dims []int) []string {
	return plansOfParts(c.parts(len(dims)-2), b, dims)
}
func (c FlattenedConv) plans(b compute.Backend, dims []int) []string {
	return plansOfParts(c.parts(len(dims)-2), b, dims)
}

func plansOfParts(parts []part, b compute.Backend, dims []int) []string {
	var all []string
	for _, p := range parts {
		all = append(all, p.layer.(planner).plans(b, dims)...)
		info, err := p.layer.Check(dims[1:])
		if err != nil {
			return all
		}
		dims = append([]int{dims[0]}, info.Output...)
	}
	return all
}

// Plans tells how each convolution of the network and its gradients are
// computed on b for batches of examples of shape in: one line for each.
func (s Sequential) Plans(b compute.Backend, in []int, batch int) ([]string, error) {
	infos, err := s.infos(in)
	if err != nil {
		return nil, err
	}
	var all []string
	for i, info := range infos {
		if p, ok := s[i].(planner); ok {
			for _, line := range p.plans(b, append([]int{batch}, in...)) {
				all = append(all, fmt.Sprintf("layer %d, %s", i, line))
			}
		}
		in = info.Output
	}
	return all, nil
}
