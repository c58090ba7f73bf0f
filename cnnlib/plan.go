package cnnlib

import (
	"fmt"
	"slices"
	"strings"

	"convlab/cnnlib/internal/lower"

	"github.com/gomlx/compute"
)

// Plan names how a convolution and its two gradients are computed; "" leaves
// the choice to the library. All ways give the same numbers but for rounding,
// in different times; `convlab bench conv` compares them. They are
//
//   - "native": the backend's own convolution;
//   - "im2col": all that a kernel reads side by side, one matrix product;
//   - "shifted": a matrix product for each tap of the kernel;
//   - "elementwise": a multiply-add for each tap, for few channels per group;
//   - "planes": a 3D convolution as a 2D one over planes side by side;
//   - "blocks": groups as separate convolutions, small ones together;
//   - "rows", "swapped", "parts", for the kernel gradient only: a product per
//     row of taps, gradient and input changed, parts of the batch one by one;
//   - "native", "phases", "merged", "blocks" are those of the input gradient:
//     zeros between the pixels, a convolution for each phase of the stride, or
//     one for all phases. A transposed convolution has them for Forward, and
//     those of a convolution's Forward for Input.
type Plan = lower.Plan

// ParsePlan reads a Plan as it prints itself: "native/merged/parts" is forward,
// input gradient, kernel gradient; any may be empty.
func ParsePlan(text string) (Plan, error) {
	p, err := lower.ParsePlan(text)
	if err != nil {
		return Plan{}, fmt.Errorf("cnnlib: %w", err)
	}
	return p, nil
}

// Formulations lists what Forward, Input and Kernel of the Plan of a Conv, a
// TransposedConv or a DepthwiseConv can be on examples of shape in: those that
// differ there.
func Formulations(l Layer, in []int) (forward, input, kernel []string, err error) {
	c, ok := l.(convolution)
	if !ok {
		return nil, nil, nil, fmt.Errorf("cnnlib: %s is not one convolution", nameOf(l, in))
	}
	a, info, err := c.arithmetic(in)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("cnnlib: %s: %w", nameOf(l, in), err)
	}
	forward, input, kernel = lower.Formulations(info.Weights[0].Shape, lowerConv(a), a.Windows[0].Transposed)
	return forward, input, kernel, nil
}

// layerPlan is the plan of a convolution in a layer.
type layerPlan struct {
	name string
	plan Plan
}

// planner is a layer whose computation was chosen. plans is for a layer that
// has been checked.
type planner interface {
	plans(b compute.Backend, dims []int) []layerPlan
}

// plansOf is the plans of a layer that has been checked for batches of shape
// dims; none if it is no convolution.
func plansOf(l Layer, b compute.Backend, dims []int) []layerPlan {
	if p, ok := l.(planner); ok {
		return p.plans(b, dims)
	}
	return nil
}

func planText(plans []layerPlan) string {
	var parts []string
	for _, p := range plans {
		parts = append(parts, p.plan.String())
	}
	return strings.Join(slices.Compact(parts), ", ")
}

func (c Conv) plans(b compute.Backend, dims []int) []layerPlan {
	a, info, err := c.arithmetic(dims[1:])
	if err != nil {
		return nil
	}
	return []layerPlan{{nameOf(c, dims[1:]), lower.Chosen(b, dims, info.Weights[0].Shape, lowerConv(a), c.Plan)}}
}

func (c TransposedConv) plans(b compute.Backend, dims []int) []layerPlan {
	a, info, err := c.arithmetic(dims[1:])
	if err != nil {
		return nil
	}
	spatial := info.Output[:len(info.Output)-1]
	return []layerPlan{{nameOf(c, dims[1:]), lower.ChosenTransposed(b, dims, info.Weights[0].Shape, lowerConv(a), spatial, c.Plan)}}
}

func (c DepthwiseConv) plans(b compute.Backend, dims []int) []layerPlan {
	return c.conv(dims[len(dims)-1]).plans(b, dims)
}
func (c ShuffledConv) plans(b compute.Backend, dims []int) []layerPlan {
	return c.conv().plans(b, dims)
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
		for _, p := range plansOf(s[i], b, append([]int{batch}, in...)) {
			all = append(all, fmt.Sprintf("layer %d, %s: forward %s, input gradient %s, kernel gradient %s", i, p.name, p.plan.Forward, p.plan.Input, p.plan.Kernel))
		}
		in = info.Output
	}
	return all, nil
}

// SummaryOn is Summary with the plan of each convolution on b for batches of
// this size.
func (s Sequential) SummaryOn(b compute.Backend, in []int, batch int) (*Summary, error) {
	sum, err := s.Summary(in)
	if err != nil {
		return nil, err
	}
	if batch < 1 {
		return nil, fmt.Errorf("cnnlib: a batch needs at least 1 example, got %d", batch)
	}
	sum.planned = true
	for i := range sum.Rows {
		sum.Rows[i].Plan = planText(plansOf(s[i], b, append([]int{batch}, in...)))
		in = sum.Rows[i].Output
	}
	return sum, nil
}
