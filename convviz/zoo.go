package convviz

import (
	"fmt"
	"slices"
	"strings"

	"convlab/convviz/draw"
)

// ZooRow is what was counted and measured of a variant.
type ZooRow struct {
	Name              string
	Params            int64
	MACs              int64   // for one example
	Activations       int64   // numbers that the layers give for one example
	Field             []int   // receptive field per spatial axis, in input pixels; nil: everything
	Ms                float64 // median of the runs
	MsLow, MsHigh     float64 // between which the middle half of the runs lies
	MACRatio, MsRatio float64 // against the first variant
}

// ZooRows compares ways to convolve: what each costs in theory, and what it was
// measured to take in time. The first is the one that the others are compared
// with.
type ZooRows struct {
	Rows    []ZooRow
	Batch   int
	Backend string
}

// fieldText writes a receptive field as "7x7".
func (r ZooRow) fieldText() string {
	if r.Field == nil {
		return say("all")
	}
	parts := make([]string, len(r.Field))
	for i, f := range r.Field {
		parts[i] = fmt.Sprint(f)
	}
	return strings.Join(parts, "x")
}

// Table draws the rows: what each variant costs, and the ratios to the first.
func (z *ZooRows) Table() (*Picture, error) {
	if z == nil || len(z.Rows) == 0 {
		return nil, fmt.Errorf("convviz: no variants were measured")
	}
	t := draw.Table{
		Title: say("The variants compared"),
		Head:  []string{say("Variant"), say("Parameters"), say("MACs"), say("Receptive field"), "ms", say("middle half"), say("MACs ratio"), say("Time ratio")},
		Note:  sayf("ms: forward and back, batch of %d, on %s, median of runs by turns, and where their middle half lies. Ratios are to the first row.", z.Batch, z.Backend),
	}
	for _, r := range z.Rows {
		t.Rows = append(t.Rows, []string{r.Name, draw.Number(float64(r.Params), 0), draw.Number(float64(r.MACs), 0), r.fieldText(),
			draw.Number(r.Ms, 2), draw.Number(r.MsLow, 2) + "–" + draw.Number(r.MsHigh, 2), draw.Number(r.MACRatio, 2), draw.Number(r.MsRatio, 2)})
	}
	return t.Draw()
}

// Plot draws for each variant the ratio of time that its multiply-accumulates
// predict against the one that was measured.
func (z *ZooRows) Plot() (*Picture, error) {
	if z == nil || len(z.Rows) == 0 {
		return nil, fmt.Errorf("convviz: no variants were measured")
	}
	r := draw.Ratios{
		Title:  say("Predicted and measured"),
		XLabel: say("predicted: ratio of MACs to the first variant"), YLabel: say("measured: ratio of time to the first variant"),
		Line: say("time as MACs predict"),
	}
	for _, row := range z.Rows {
		r.Names, r.X, r.Y = append(r.Names, row.Name), append(r.X, row.MACRatio), append(r.Y, row.MsRatio)
	}
	slower := slices.DeleteFunc(slices.Clone(z.Rows), func(row ZooRow) bool { return row.MsRatio <= row.MACRatio })
	parts := []string{r.Title + ": " + sayf("%d of %d variants take longer than their MACs predict.", len(slower), len(z.Rows))}
	for _, row := range z.Rows {
		parts = append(parts, fmt.Sprintf("%s %.2f, %.2f.", row.Name, row.MACRatio, row.MsRatio))
	}
	r.Alt = strings.Join(parts, " ")
	return r.Draw()
}
