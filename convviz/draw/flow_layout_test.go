package draw_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

func TestLongFlowsGoOnInColumns(t *testing.T) {
	var steps, lanes []draw.FlowStep
	for i := range 60 {
		steps = append(steps, card(fmt.Sprint("step ", i), 8))
	}
	p, err := draw.Flow{Steps: steps}.Draw()
	all := picturetest.Check(t, p, err)
	picturetest.Apart(t, all)
	if p.Width > 1100 || p.Height > 1500 {
		t.Errorf("a picture of %d x %d", p.Width, p.Height)
	}
	columns := map[float64]bool{}
	for i := range steps {
		x, _ := at(t, all, fmt.Sprint("step ", i))
		columns[x] = true
	}
	if len(columns) < 3 {
		t.Errorf("%d columns of %d steps", len(columns), len(steps))
	}
	var wide [][]draw.FlowStep
	for range 30 {
		wide = append(wide, []draw.FlowStep{card("lane", 8)})
		lanes = append(lanes, card("in a lane", 8))
	}
	for name, steps := range map[string][]draw.FlowStep{"wide": {fork("all", wide...)}, "high": {fork("all", lanes, nil)}, "long": make([]draw.FlowStep, 0), "many": slices.Repeat(steps, 10)} {
		_, err := draw.Flow{Title: name, Steps: steps}.Draw()
		if large := errors.Is(err, draw.ErrTooLarge); err == nil || large == (name == "long") {
			t.Errorf("%s: %v", name, err)
		}
	}
}
