package convviz

import (
	"fmt"

	"convlab/convviz/draw"
	"convlab/recipes"
)

// SixWays draws the experiment of lesson 3.6: for each setting the accuracy of
// every seed, their mean and standard deviation.
func SixWays(t *recipes.Table) (*Picture, error) {
	if t == nil || len(t.Rows) == 0 {
		return nil, fmt.Errorf("convviz: no trial is finished")
	}
	chart := draw.Dots{Title: say("Six ways to tune the network"), XLabel: say("validation accuracy"), Percent: true}
	chart.Alt = sayf("Validation accuracy after %d epochs, mean and standard deviation.", t.Epochs)
	for _, r := range t.Rows {
		mean, spread := r.MeanSpread()
		chart.Rows = append(chart.Rows, draw.DotRow{Group: say(r.Way), Name: say(r.Name), Values: r.Accuracies, Mean: mean, Spread: spread})
		chart.Alt += fmt.Sprintf(Say(" %s, %s: %.1f ± %.1f %%.", "%s，%s：%.1f ± %.1f %%。"), say(r.Way), say(r.Name), 100*mean, 100*spread)
	}
	return chart.Draw()
}
