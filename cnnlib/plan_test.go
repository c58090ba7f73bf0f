package cnnlib

import (
	"strings"
	"testing"

	"convlab/internal/labtest"
)

// A plan that does not apply is an error of Check, before any graph is built:
// it names the part, the map, the formulation, the reason and the formulations
// that apply.
func TestAPlanThatDoesNotApplyIsRefused(t *testing.T) {
	b := labtest.Go(t)
	flat, deep := []int{6, 6, 4}, []int{4, 6, 6, 4}
	for _, c := range []struct {
		layer Layer
		in    []int
		want  []string
	}{
		{Conv{Out: 4, Kernel: 3, Plan: Plan{Forward: "planes"}}, []int{6, 4},
			[]string{`forward: "planes" does not apply: it needs 2 or 3 spatial axes, got one; there are native, direct, im2col, elementwise`}},
		{Conv{Out: 4, Kernel: 3, Groups: 2, Plan: Plan{Kernel: "planes"}}, deep, []string{`kernel gradient: "planes" does not apply: it needs one group, got 2 groups`}},
		{Conv{Out: 4, Kernel: 3, Plan: Plan{Forward: "blocks"}}, flat, []string{`forward: "blocks" does not apply: it needs several groups, got one`}},
		{Conv{Out: 4, Kernel: 3, Stride: 2, Plan: Plan{Kernel: "swapped"}}, flat, []string{`"swapped" does not apply: it needs stride 1, got strides [2 2]`}},
		{Conv{Out: 4, Kernel: 3, Dilation: 2, Plan: Plan{Input: "merged"}}, flat,
			[]string{`input gradient: "merged" does not apply: it needs dilation 1, got dilations [2 2]; there are native, direct, phases`}},
		{Conv{Out: 4, Kernel: 1, Stride: 2, Plan: Plan{Input: "merged"}}, flat, []string{`needs a kernel at least as large as the stride, got kernel [1 1] and strides [2 2]`}},
		{Conv{Out: 4, Kernel: 2, Padding: 2, Plan: Plan{Kernel: "swapped"}}, flat, []string{`needs padding narrower than the kernel`}},
		{Conv{Out: 4, Kernel: 3, Plan: Plan{Kernel: "phases"}}, flat, []string{`kernel gradient: there is no formulation "phases"`}},
		// Forward of a transposed convolution is the input gradient of a convolution.
		{TransposedConv{Out: 4, Kernel: 3, Stride: 2, Groups: 2, Plan: Plan{Forward: "merged"}}, flat,
			[]string{`forward: "merged" does not apply: it needs one group, got 2 groups; there are native, direct, blocks, phases`}},
		{TransposedConv{Out: 4, Kernel: 3, Plan: Plan{Input: "blocks"}}, flat, []string{`input gradient: "blocks" does not apply`}},
		{TransposedConv{Out: 4, Kernel: 3, Plan: Plan{Forward: "im2col"}}, flat, []string{`forward: there is no formulation "im2col"; there are native, direct, phases, merged`}},
		{TransposedConv{Out: 4, Kernel: 3, Stride: 2, Plan: Plan{Kernel: "swapped"}}, flat, []string{`kernel gradient: "swapped" does not apply: it needs stride 1`}},
		{DepthwiseConv{Kernel: 3, Plan: Plan{Kernel: "swapped"}}, flat, []string{`kernel gradient: "swapped" does not apply: it needs one group, got 4 groups`}},
		{ShuffledConv{Out: 4, Kernel: 3, Groups: 2, Plan: Plan{Input: "merged"}}, flat, []string{`input gradient: "merged" does not apply: it needs one group`}},
		{SeparableConv{Out: 4, Kernel: 3, Plan: Plan{Kernel: "parts"}}, flat, []string{"depthwise", `kernel gradient: "parts" does not apply`}},
		{SeparableConv{Out: 4, Kernel: 3, Plan: Plan{Forward: "blocks"}}, flat, []string{"pointwise", `forward: "blocks" does not apply: it needs several groups, got one`}},
		{SpatialConv{Out: 4, Kernel: 3, Plan: Plan{Input: "blocks"}}, flat, []string{"axis0", `"blocks" does not apply`}},
		{FlattenedConv{Out: 4, Kernel: 3, Plan: Plan{Kernel: "swapped"}}, flat, []string{"axis0", `"swapped" does not apply: it needs one group`}},
	} {
		_, err := c.layer.Check(c.in)
		for _, want := range c.want {
			wantError(t, err, want)
		}
		net := Sequential{c.layer}
		if _, planErr := net.Plans(b, c.in, 2); planErr == nil || !strings.Contains(planErr.Error(), c.want[len(c.want)-1]) {
			t.Errorf("%s: plans with error %v", c.layer.Name(), planErr)
		}
		// What the error offers is taken.
		conv, ok := c.layer.(Conv)
		if !ok {
			continue
		}
		forward, input, kernel, err := Formulations(b, Conv{Out: conv.Out, Kernel: conv.Kernel, Stride: conv.Stride, Padding: conv.Padding, Dilation: conv.Dilation, Groups: conv.Groups}, c.in)
		if err != nil {
			t.Fatal(err)
		}
		for i, names := range [][]string{forward, input, kernel} {
			for _, name := range names {
				conv.Plan = [...]Plan{{Forward: name}, {Input: name}, {Kernel: name}}[i]
				plan, err := conv.ChosenPlan(b, c.in, 2)
				if err != nil || [...]string{plan.Forward, plan.Input, plan.Kernel}[i] != name {
					t.Errorf("%s, forced %s: %s runs, %v", conv.Name(), conv.Plan, plan, err)
				}
			}
		}
	}
}

func TestEveryFormulationIsExplained(t *testing.T) {
	table := FormulationTable()
	for _, name := range []string{"native", "direct", "im2col", "elementwise", "planes", "blocks", "phases", "merged", "parts", "swapped"} {
		if !strings.Contains(table, name+": ") {
			t.Errorf("%s is not in\n%s", name, table)
		}
	}
}
