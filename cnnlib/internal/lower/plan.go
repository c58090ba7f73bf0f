package lower

import (
	"fmt"
	"slices"
	"strings"

	"convlab/internal/kernels"

	"github.com/gomlx/compute"
)

// Plan names the formulation of each of the three maps; "" leaves it to
// choose. In the plan of a transposed convolution Forward is the
// convolution's input gradient and Input the convolution's forward.
type Plan struct {
	Forward, Input, Kernel string
}

// String is the plan as "forward/input gradient/kernel gradient".
func (p Plan) String() string { return p.Forward + "/" + p.Input + "/" + p.Kernel }

// ParsePlan reads what String writes; parts may be empty or left out.
func ParsePlan(text string) (Plan, error) {
	parts := append(strings.Split(text, "/"), "", "")
	if len(parts) > 5 {
		return Plan{}, fmt.Errorf("plan %q: want FORWARD/INPUT/KERNEL", text)
	}
	return Plan{parts[0], parts[1], parts[2]}, nil
}

// of is the name of the formulation of one map.
func (p Plan) of(m whichMap) string { return [maps]string{p.Forward, p.Input, p.Kernel}[m] }

// swapped is the plan of the convolution that a transposed one is led back to,
// and the other way around.
func (p Plan) swapped() Plan { return Plan{p.Input, p.Forward, p.Kernel} }

// or fills what p leaves open.
func (p Plan) or(chosen Plan) Plan {
	if p.Forward != "" {
		chosen.Forward = p.Forward
	}
	if p.Input != "" {
		chosen.Input = p.Input
	}
	if p.Kernel != "" {
		chosen.Kernel = p.Kernel
	}
	return chosen
}

// Problem is a convolution, or a transposed one, with all its sizes: what a
// plan is for.
type Problem struct {
	p          *problem // of a transposed convolution, the convolution that it is the transpose of
	transposed bool
	beyond     [][2]int // zeros around the result of a transposed convolution
}

// New takes the sizes of a convolution as Convolve does. It is an error if
// they do not fit.
func New(xDims, kernelDims []int, c Conv) (Problem, error) {
	p, err := newProblem(xDims, kernelDims, c)
	return Problem{p: p}, err
}

// NewTransposed takes the sizes of a transposed convolution as Transposed
// does. It is an error if they do not fit.
func NewTransposed(xDims, kernelDims []int, c Conv, spatial []int) (Problem, error) {
	p, beyond, err := newTransposed(xDims, kernelDims, c, spatial)
	return Problem{p, true, beyond}, err
}

// own turns a plan as the user sees it into that of p.p, and back.
func (p Problem) own(plan Plan) Plan {
	if p.transposed {
		return plan.swapped()
	}
	return plan
}

// Check is an error if a formulation that plan names does not exist or does
// not apply here. The error names the map, the formulation, the reason and the
// formulations that do apply.
func (p Problem) Check(plan Plan) error {
	titles := p.own(Plan{"forward", "input gradient", "kernel gradient"})
	plan = p.own(plan)
	for m := range maps {
		name := plan.of(m)
		if name == "" {
			continue
		}
		if _, err := p.p.way(m, name); err != nil {
			applying := p.p.names(m, func(w way) bool { return w.applies(p.p) == nil })
			return fmt.Errorf("plan: %s: %w; there are %s", titles.of(m), err, strings.Join(applying, ", "))
		}
	}
	return nil
}

// Chosen is the plan that runs on b: what plan names, and the choice where it
// names nothing. It is an error if plan does not apply.
func (p Problem) Chosen(b compute.Backend, plan Plan) (Plan, error) {
	platform := platformOf(b)
	return p.chosen(platform, platform == cpuPlatform && kernels.Active(), plan)
}

// chosen is Chosen where direct tells whether our kernels may be chosen.
func (p Problem) chosen(platform string, direct bool, plan Plan) (Plan, error) {
	if err := p.Check(plan); err != nil {
		return Plan{}, err
	}
	if err := noDirect(platform, plan); err != nil {
		return Plan{}, err
	}
	if direct {
		return plan.or(p.own(chooseDirect(p.p))), nil
	}
	return plan.or(p.own(choose(platform, p.p))), nil
}

// Formulations lists, for each map, the formulations that apply on b and that
// are worth comparing.
func (p Problem) Formulations(b compute.Backend) (forward, input, kernel []string) {
	worth := func(m whichMap) []string {
		names := p.p.names(m, func(w way) bool { return w.applies(p.p) == nil && (w.worth == nil || w.worth(p.p)) })
		return slices.DeleteFunc(names, func(name string) bool { return noDirect(platformOf(b), Plan{Forward: name}) != nil })
	}
	if p.transposed {
		return worth(inputMap), worth(forwardMap), worth(kernelMap)
	}
	return worth(forwardMap), worth(inputMap), worth(kernelMap)
}
