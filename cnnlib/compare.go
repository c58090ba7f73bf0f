package cnnlib

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"convlab/internal/htmltable"

	"github.com/gomlx/gomlx/core/tensors"
)

// Difference says how far apart two models are after one step.
type Difference struct {
	A, B   string // the step's name in each, behind its path if it is a part of a layer
	Output []int  // of one example
	Max    float64
	Mean   float64
	Scale  float64 // the largest number of A's output: relative differences are parts of it
	// Quantiles of the differences, as Quantiles names them.
	Quantiles [len(Quantiles)]float64
}

// Quantiles are the shares of a layer's numbers that differ by at most as
// much as Difference.Quantiles says.
var Quantiles = [...]float64{0.5, 0.9, 0.99}

// Relative returns v divided by Scale. With a Scale of 0 it is 0 or infinite.
func (d Difference) Relative(v float64) float64 {
	if v == 0 {
		return 0
	}
	return v / d.Scale
}

// Comparison compares two models step by step: first the normalised pixels,
// then every step except Dropout.
type Comparison []Difference

// Compare runs both models on one image of height·width·channels bytes and
// tells how far they are apart after each step. Dropout is passed over, a
// layer of parts counts as its parts; the rest has to have the same sizes. When
// ctx ends, Compare gives ctx.Err() before the next model or step.
func Compare(ctx context.Context, a, b *Model, pixels []uint8) (Comparison, error) {
	if !slices.Equal(a.root.In, b.root.In) {
		return nil, fmt.Errorf("cnnlib: one model takes %v, the other %v", a.root.In, b.root.In)
	}
	as, av, err := a.run(pixels)
	if err != nil {
		return nil, err
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	bs, bv, err := b.run(pixels)
	if err != nil {
		return nil, err
	}
	var all Comparison
	for i := range max(len(as), len(bs)) {
		if i >= len(as) || i >= len(bs) {
			return nil, fmt.Errorf("cnnlib: one model has %d steps without Dropout, the other %d: they cannot be compared one by one", len(as)-1, len(bs)-1)
		}
		if !slices.Equal(as[i].Info.Output, bs[i].Info.Output) {
			return nil, fmt.Errorf("cnnlib: step %d is %s with output %v in one model, %s with %v in the other", i, as[i].Title(), as[i].Info.Output, bs[i].Title(), bs[i].Info.Output)
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		d := difference(av[i], bv[i])
		d.A, d.B, d.Output = as[i].stepName(), bs[i].stepName(), as[i].Info.Output
		all = append(all, d)
	}
	return all, nil
}

// stepName is the title, with the path where that has several elements.
func (p *Place) stepName() string {
	if strings.Contains(string(p.Path), ".") {
		return fmt.Sprintf("%s %s", p.Path, p.Title())
	}
	return p.Title()
}

// pixelsStep stands for the normalised pixels.
type pixelsStep struct{ Dropout }

func (pixelsStep) Name() string { return "input" }

// run gives the steps that change something, and what they give.
func (m *Model) run(pixels []uint8) (kept []*Place, values [][]float32, err error) {
	outputs, err := m.Activations(pixels)
	if err != nil {
		return nil, nil, err
	}
	first := make([]float32, len(pixels))
	for i, v := range pixels {
		c := i % len(m.mean)
		first[i] = (float32(v)/255 - m.mean[c]) / m.std[c]
	}
	kept, values = []*Place{{Layer: pixelsStep{}, In: m.root.In, Info: Info{Output: m.root.In}}}, [][]float32{first}
	for i, s := range m.root.Steps() {
		if _, ok := s.Layer.(Dropout); ok {
			continue
		}
		flat, err := tensors.CopyFlatData[float32](outputs[i])
		if err != nil {
			return nil, nil, fmt.Errorf("cnnlib: %s: %w", s.Title(), err)
		}
		kept, values = append(kept, s), append(values, flat)
	}
	return kept, values, nil
}

// difference compares two outputs of the same length. Numbers that are not
// finite on one side only are infinitely far apart.
func difference(a, b []float32) Difference {
	var d Difference
	apart := make([]float64, len(a))
	for i := range a {
		x, y := float64(a[i]), float64(b[i])
		apart[i] = math.Abs(x - y)
		if x == y || math.IsNaN(x) && math.IsNaN(y) {
			apart[i] = 0
		} else if math.IsNaN(apart[i]) {
			apart[i] = math.Inf(1)
		}
		if !math.IsNaN(x) {
			d.Scale = max(d.Scale, math.Abs(x))
		}
		d.Mean += apart[i] / float64(len(a))
	}
	slices.Sort(apart)
	d.Max = apart[len(apart)-1]
	for i, q := range Quantiles {
		d.Quantiles[i] = apart[int(math.Ceil(q*float64(len(apart))))-1]
	}
	return d
}

var comparisonHead = []string{"#", "step", "output", "largest", "mean", "largest/scale", "scale"}

func (c Comparison) rows() [][]string {
	var rows [][]string
	for i, d := range c {
		name := d.A
		if d.B != d.A {
			name += " / " + d.B
		}
		rows = append(rows, []string{fmt.Sprint(i), name, times(d.Output), fmt.Sprintf("%.2g", d.Max), fmt.Sprintf("%.2g", d.Mean),
			fmt.Sprintf("%.1e", d.Relative(d.Max)), fmt.Sprintf("%.3g", d.Scale)})
	}
	return rows
}

// Worst returns the step with the largest relative difference.
func (c Comparison) Worst() int {
	worst := 0
	for i, d := range c {
		if d.Relative(d.Max) > c[worst].Relative(c[worst].Max) {
			worst = i
		}
	}
	return worst
}

// String is the table as text.
func (c Comparison) String() string {
	return textTable(append([][]string{comparisonHead}, c.rows()...))
}

// HTML is the table for a notebook cell or a page.
func (c Comparison) HTML() string {
	var b strings.Builder
	b.WriteString("<table>\n")
	for i, row := range append([][]string{comparisonHead}, c.rows()...) {
		tag := "td"
		if i == 0 {
			tag = "th"
		}
		htmltable.Row(&b, tag, row...)
	}
	return b.String() + "</table>\n"
}
