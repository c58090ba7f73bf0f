package convviz

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"convlab/cnnlib"
	"convlab/convviz/draw"
)

// The rows of a table of differences, and how many tables lie side by side.
const (
	differenceRows   = 26
	differenceTables = 4
)

// Differences draws how far two models are apart after each step, relative to
// the largest number of the step's output: the mean, the quantiles and the
// largest difference. Colours go by powers of ten, from float32 rounding
// (1e-8) to numbers that have nothing in common (1). Of more than 104 steps
// those with the largest differences are drawn.
func Differences(c cnnlib.Comparison) (*Picture, error) {
	if len(c) == 0 {
		return nil, fmt.Errorf("convviz: no steps to draw")
	}
	name := func(i int) string {
		if i == 0 {
			return say("input")
		}
		return fmt.Sprintf("%d %s", i, c[i].A)
	}
	worst := c.Worst()
	note := sayf("largest: %.2g after %s", c[worst].Relative(c[worst].Max), name(worst))
	steps := most(c, differenceRows*differenceTables)
	if len(steps) < len(c) {
		note += "; " + sayf("%d of %d shown", len(steps), len(c))
	}
	alt := sayf("Differences of two models after each of %d steps, relative. %s.", len(c)-1, note)
	tables := (len(steps) + differenceRows - 1) / differenceRows
	var panels []draw.Panel
	for part := range slices.Chunk(steps, (len(steps)+tables-1)/tables) {
		m := draw.Matrix{Title: "…", Lo: -8, Hi: 0, Alt: " "}
		if panels == nil {
			m.Title, m.Note, m.Alt = say("How far two models are apart"), note, alt
		}
		m.Cols = []string{say("mean")}
		for _, q := range cnnlib.Quantiles {
			m.Cols = append(m.Cols, fmt.Sprintf("%g %%", 100*q))
		}
		m.Cols = append(m.Cols, say("largest"))
		for _, i := range part {
			var values []float64
			var texts []string
			for _, v := range append(append([]float64{c[i].Mean}, c[i].Quantiles[:]...), c[i].Max) {
				relative := c[i].Relative(v)
				values = append(values, exponent(relative))
				texts = append(texts, fmt.Sprintf("%.0e", relative))
				if relative == 0 {
					texts[len(texts)-1] = "0"
				}
			}
			m.Rows, m.Values, m.Texts = append(m.Rows, name(i)), append(m.Values, values), append(m.Texts, texts)
		}
		panels = append(panels, m)
	}
	return draw.Beside(panels...)
}

// most are the n steps with the largest differences, in their order.
func most(c cnnlib.Comparison, n int) []int {
	steps := make([]int, len(c))
	for i := range steps {
		steps[i] = i
	}
	slices.SortStableFunc(steps, func(a, b int) int { return cmp.Compare(c[b].Relative(c[b].Max), c[a].Relative(c[a].Max)) })
	steps = steps[:min(n, len(steps))]
	slices.Sort(steps)
	return steps
}

// exponent is the power of ten of v, within -8 and 0.
func exponent(v float64) float64 {
	return max(-8, min(math.Log10(v), 0))
}
