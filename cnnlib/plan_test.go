package cnnlib

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"convlab/internal/kernels"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
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

func TestEveryPlanGivesTheSame(t *testing.T) { labtest.EachBackend(t, everyPlan) }

func everyPlan(t *testing.T, b compute.Backend) {
	rng := rand.New(rand.NewPCG(7, 8))
	for _, l := range []anyConv{
		{Conv{Out: 6, Kernel: 3, Padding: 1, Groups: 2}, []int{6, 7, 4}}, {Conv{Out: 3, Kernel: 3, Padding: 1, Stride: 2}, []int{6, 7, 4}},
		{Conv{Out: 6, Kernel: 3, Padding: 1, Groups: 3}, []int{6, 7, 3}}, {TransposedConv{Out: 3, Kernel: 4, Stride: 2, Padding: 1}, []int{4, 5, 2}},
	} {
		_, info, err := l.layer.arithmetic(l.in)
		if err != nil {
			t.Fatal(err)
		}
		forward, input, kernel, err := Formulations(b, l.layer, l.in)
		if err != nil {
			t.Fatal(err)
		}
		plans := []Plan{{}}
		for _, f := range forward {
			plans = append(plans, Plan{Forward: f})
		}
		for _, f := range input {
			plans = append(plans, Plan{Input: f})
		}
		for _, f := range kernel {
			plans = append(plans, Plan{Kernel: f})
		}
		x, k, v := randoms(rng, append([]int{2}, l.in...)...), randoms(rng, info.Weights[0].Shape...), randoms(rng, append([]int{2}, info.Output...)...)
		var want [][]float64
		for _, p := range plans {
			planned := l
			switch c := l.layer.(type) {
			case Conv:
				c.Plan = p
				planned.layer = c
			case TransposedConv:
				c.Plan = p
				planned.layer = c
			}
			if _, err := planned.layer.Check(l.in); err != nil {
				t.Fatal(err)
			}
			for i, r := range graph.MustExecOnceN(b, func(x, k, v *graph.Node) []*graph.Node {
				y := planned.apply(x, k)
				return append([]*graph.Node{y}, graph.Gradient(graph.ReduceAllSum(graph.Mul(y, v)), x, k)...)
			}, x, k, v) {
				got := numbers(r)
				if p == (Plan{}) {
					want = append(want, got)
				}
				for j := range want[i] {
					if math.Abs(got[j]-want[i][j]) > 2e-5*(1+math.Abs(want[i][j])) {
						t.Fatalf("%s, plan %s, result %d: value %d is %g, want %g", l.layer.Name(), p, i, j, got[j], want[i][j])
					}
				}
			}
		}
	}
	net := Sequential{Conv{Out: 4, Kernel: 3, Plan: Plan{Kernel: "im2col"}}, ReLU{}, SeparableConv{Out: 4, Kernel: 3}, TransposedConv{Out: 3, Kernel: 3}}
	in := []int{9, 9, 2}
	depthwise := "elementwise"
	if b.Name() == "xla" && kernels.Active() {
		depthwise = "direct"
	}
	plans, err := net.Plans(b, in, 4)
	if err != nil || len(plans) != 4 || !strings.Contains(plans[0], "kernel gradient im2col") || !strings.Contains(plans[1], "layer 2.depthwise, DepthwiseConv 3x3: forward "+depthwise) {
		t.Errorf("plans %q, %v", plans, err)
	}
	sum, err := net.SummaryOn(b, in, 4)
	if err != nil || !strings.HasSuffix(sum.Rows[0].Plan, "/im2col") || sum.Rows[1].Plan != "" || sum.Rows[2].Plan != "" || !strings.HasPrefix(sum.Rows[3].Plan, depthwise+"/") {
		t.Fatalf("%v, %v", sum, err)
	}
	for _, text := range []string{sum.String(), sum.HTML()} {
		if !strings.Contains(text, sum.Rows[3].Plan) || !strings.Contains(text, "plan: forward/input/kernel") {
			t.Errorf("no plans in %s", text)
		}
	}
	wantError(t, checked(Sequential{Conv{Out: 1, Kernel: 3, Plan: Plan{Input: "magic"}}}, CIFARInput), `input gradient: there is no formulation "magic"`)
	wantError(t, checked(Sequential{TransposedConv{Out: 1, Kernel: 3, Plan: Plan{Forward: "planes"}}}, CIFARInput), `forward: there is no formulation "planes"; there are native, direct, phases`)
	if p, err := ParsePlan("native//parts"); err != nil || p != (Plan{Forward: "native", Kernel: "parts"}) {
		t.Errorf("parsed %+v, %v", p, err)
	}
	_, err = ParsePlan("a/b/c/d")
	wantError(t, err, "want FORWARD/INPUT/KERNEL")
	_, _, _, err = Formulations(labtest.Go(t), ReLU{}, in)
	wantError(t, err, "ReLU is not one convolution")
}
