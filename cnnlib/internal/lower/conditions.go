package lower

import (
	"fmt"
	"slices"
	"strings"
)

// condition is what a formulation needs to apply.
type condition struct {
	text  string
	holds func(p *problem) bool
	got   func(p *problem) string // what is there instead
}

func (w way) needsText() string {
	if len(w.needs) == 0 {
		return "always"
	}
	texts := make([]string, len(w.needs))
	for i, c := range w.needs {
		texts[i] = c.text
	}
	return "needs " + strings.Join(texts, ", ")
}

// applies is nil where all conditions hold, else the first reason why not.
func (w way) applies(p *problem) error {
	for _, c := range w.needs {
		if !c.holds(p) {
			return fmt.Errorf("needs %s, got %s", c.text, c.got(p))
		}
	}
	return nil
}

var (
	noGroups = condition{"one group", (*problem).dense,
		func(p *problem) string { return fmt.Sprintf("%d groups", p.Groups) }}
	groups = condition{"several groups", func(p *problem) bool { return !p.dense() },
		func(*problem) string { return "one" }}
	severalAxes = condition{"2 or 3 spatial axes", func(p *problem) bool { return p.axes() > 1 },
		func(*problem) string { return "one" }}
	noStride = condition{"stride 1", func(p *problem) bool { return !p.strided() },
		func(p *problem) string { return fmt.Sprintf("strides %v", p.Strides) }}
	noDilation = condition{"dilation 1", func(p *problem) bool { return slices.Max(p.Dilations) == 1 },
		func(p *problem) string { return fmt.Sprintf("dilations %v", p.Dilations) }}
	// tapInEachPhase is for dilation 1.
	tapInEachPhase = condition{"a kernel at least as large as the stride", func(p *problem) bool {
		for i, s := range p.Strides {
			if p.kernel[i] < s {
				return false
			}
		}
		return true
	}, func(p *problem) string { return fmt.Sprintf("kernel %v and strides %v", p.kernel, p.Strides) }}
	// inputRead is for problems where tapInEachPhase holds.
	inputRead = condition{"an output that reads the input", func(p *problem) bool {
		for i := range p.axes() {
			m := p.mergedPhases(i)
			if p.out[i]+min(m.pads[0], 0)+min(m.pads[1], 0) < 1 {
				return false
			}
		}
		return true
	}, func(*problem) string { return "outputs that read padding alone" }}
	narrowPadding = condition{"padding narrower than the kernel", func(p *problem) bool {
		for i, pad := range p.Pads {
			if max(pad[0], pad[1]) >= p.span(i) {
				return false
			}
		}
		return true
	}, func(p *problem) string {
		return fmt.Sprintf("padding %v, kernel %v, dilations %v", p.Pads, p.kernel, p.Dilations)
	}}
)

// fewPerGroup bounds the operations of a formulation that has one for each
// input channel of a group.
func (p *problem) fewPerGroup() bool { return p.perIn() <= 4 }
