package cnnlib

import (
	"fmt"
	"slices"
	"strings"

	"convlab/cnnlib/internal/lower"

	"github.com/gomlx/compute"
)

// Plan names how a convolution and its two gradients are computed; "" leaves
// the choice to the library, which picks by backend and shapes. All ways give
// the same numbers but for rounding, in different times; `convlab bench conv`
// compares them, and its --help lists them with what each computes and when it
// applies: a plan that does not apply to a layer's shapes is an error of Check.
// In short they are
//
//   - "native": the backend's own convolution;
//   - "direct": our own kernel in C, on CPUs with XLA;
//   - "im2col": all that a kernel reads side by side, one matrix product;
//   - "elementwise": a multiply-add for each tap, for few channels per group;
//   - "planes": a 3D convolution as a 2D one over planes side by side;
//   - "blocks": groups as separate convolutions, small ones together;
//   - "swapped", "parts", for the kernel gradient only: gradient and input
//     change places, parts of the batch one by one;
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

// FormulationTable tells of each way that a Plan can name what it computes
// and, for each of the three maps that it has, what it needs to apply.
func FormulationTable() string { return lower.Table() }

// Formulations lists what Forward, Input and Kernel of the Plan of a Conv, a
// TransposedConv or a DepthwiseConv can be on b for examples of shape in: those
// that apply and are worth comparing there.
func Formulations(b compute.Backend, l Layer, in []int) (forward, input, kernel []string, err error) {
	c, ok := l.(convolution)
	if !ok {
		return nil, nil, nil, fmt.Errorf("cnnlib: %s is not one convolution", nameOf(l, in))
	}
	a, info, err := c.arithmetic(in)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("cnnlib: %s: %w", nameOf(l, in), err)
	}
	p, err := lowered(a, in[:len(in)-1], info, 1)
	if err != nil {
		return nil, nil, nil, fmt.Errorf("cnnlib: %s: %w", nameOf(l, in), err)
	}
	forward, input, kernel = p.Formulations(b)
	return forward, input, kernel, nil
}

// Planned is a layer that can say how it will be computed.
type Planned interface {
	Layer
	// ChosenPlan is the plan that runs on b for batches of examples of shape
	// in.
	ChosenPlan(b compute.Backend, in []int, batch int) (Plan, error)
}

// ChosenPlan implements Planned.
func (c Conv) ChosenPlan(b compute.Backend, in []int, batch int) (Plan, error) {
	return chosenPlan(c, b, in, batch, c.Plan)
}

// ChosenPlan implements Planned.
func (c TransposedConv) ChosenPlan(b compute.Backend, in []int, batch int) (Plan, error) {
	return chosenPlan(c, b, in, batch, c.Plan)
}

func chosenPlan(c convolution, b compute.Backend, in []int, batch int, plan Plan) (Plan, error) {
	a, info, err := c.arithmetic(in)
	if err != nil {
		return Plan{}, err
	}
	p, err := lowered(a, in[:len(in)-1], info, batch)
	if err != nil {
		return Plan{}, err
	}
	return p.Chosen(b, plan)
}

// ChosenPlan implements Planned.
func (c DepthwiseConv) ChosenPlan(b compute.Backend, in []int, batch int) (Plan, error) {
	return c.conv(in[len(in)-1]).ChosenPlan(b, in, batch)
}

// Plans says, in one line each, how every convolution of the network and its
// gradients are computed on b for batches of examples of shape in.
func (s Sequential) Plans(b compute.Backend, in []int, batch int) ([]string, error) {
	p, err := Resolve(s, in)
	if err != nil {
		return nil, err
	}
	var all []string
	for _, step := range p.Steps() {
		planned, ok := step.Layer.(Planned)
		if !ok {
			continue
		}
		plan, err := planned.ChosenPlan(b, step.In, batch)
		if err != nil {
			return nil, fmt.Errorf("cnnlib: %w", wrong(step.Path, step.Layer, step.In, err))
		}
		all = append(all, fmt.Sprintf("layer %s, %s: forward %s, input gradient %s, kernel gradient %s", step.Path, step.Title(), plan.Forward, plan.Input, plan.Kernel))
	}
	return all, nil
}

// SummaryOn is Summary for examples of shape in, with the plan of each
// convolution on b for batches of this size.
func (s Sequential) SummaryOn(b compute.Backend, in []int, batch int) (*Summary, error) {
	if batch < 1 {
		return nil, fmt.Errorf("cnnlib: a batch needs at least 1 example, got %d", batch)
	}
	return s.summary(in, func(p *Place) (string, error) {
		var parts []string
		for _, step := range p.Steps() {
			planned, ok := step.Layer.(Planned)
			if !ok || step != p && step.Path != p.Path {
				continue // it has a row of its own
			}
			plan, err := planned.ChosenPlan(b, step.In, batch)
			if err != nil {
				return "", fmt.Errorf("cnnlib: %w", wrong(step.Path, step.Layer, step.In, err))
			}
			parts = append(parts, plan.String())
		}
		return strings.Join(slices.Compact(parts), ", "), nil
	})
}
