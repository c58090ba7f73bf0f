package convviz

import (
	"fmt"
	"math"

	"convlab/cnnlib"
	"convlab/convviz/draw"
)

// Differences draws how far two models are apart after each step, relative to
// the largest number of the step's output: the mean, the quantiles and the
// largest difference. Colours go by powers of ten, from float32 rounding
// (1e-8) to numbers that have nothing in common (1).
func Differences(c cnnlib.Comparison) (*Picture, error) {
	if len(c) == 0 {
		return nil, fmt.Errorf("convviz: no steps to draw")
	}
	m := draw.Matrix{Title: say("How far two models are apart"), Cols: []string{say("mean")}, Lo: -8, Hi: 0}
	for _, q := range cnnlib.Quantiles {
		m.Cols = append(m.Cols, fmt.Sprintf("%g %%", 100*q))
	}
	m.Cols = append(m.Cols, say("largest"))
	for i, d := range c {
		name := fmt.Sprintf("%d %s", i, d.A)
		if i == 0 {
			name = say("input")
		}
		m.Rows = append(m.Rows, name)
		var values []float64
		var texts []string
		for _, v := range append(append([]float64{d.Mean}, d.Quantiles[:]...), d.Max) {
			relative := d.Relative(v)
			values = append(values, exponent(relative))
			texts = append(texts, fmt.Sprintf("%.0e", relative))
			if relative == 0 {
				texts[len(texts)-1] = "0"
			}
		}
		m.Values, m.Texts = append(m.Values, values), append(m.Texts, texts)
	}
	worst := c.Worst()
	m.Note = sayf("largest: %.2g after %s", c[worst].Relative(c[worst].Max), m.Rows[worst])
	m.Alt = sayf("Differences of two models after each of %d steps, relative. %s.", len(c)-1, m.Note)
	return m.Draw()
}

// exponent is the power of ten of v, within -8 and 0.
func exponent(v float64) float64 {
	return max(-8, min(math.Log10(v), 0))
}
