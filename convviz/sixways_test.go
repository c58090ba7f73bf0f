package convviz

import (
	"slices"
	"strings"
	"testing"

	"convlab/convviz/internal/picturetest"
	"convlab/recipes"
)

func TestSixWays(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		table := &recipes.Table{Epochs: 5, Finished: 42, Trials: 42}
		for i, s := range recipes.SixWays(recipes.Plain()) {
			mean := 0.70 + 0.004*float64(i*5%14)
			table.Rows = append(table.Rows, recipes.Row{Way: s.Way, Name: s.Name, Params: 1, Accuracies: []float64{mean - 0.004, mean, mean + 0.006}})
		}
		p, err := SixWays(table)
		all := picturetest.Check(t, p, err)
		look(t, "sixways", p)
		texts := picturetest.Texts(all)
		for _, row := range table.Rows {
			if !slices.Contains(texts, say(row.Way)) || !slices.Contains(texts, say(row.Name)) {
				t.Errorf("%q or %q is not in the picture: %q", say(row.Way), say(row.Name), texts)
			}
		}
		if n := len(picturetest.Of(all, "circle")); n != 42 {
			t.Errorf("%d dots, want 42", n)
		}
		if Language() == "zh" && (strings.Contains(p.Alt, "mirrored") || strings.Contains(p.Alt, "learning rate") || strings.Contains(p.Alt, "mean")) {
			t.Errorf("English in the Chinese text: %s", p.Alt)
		}
	})
	if _, err := SixWays(&recipes.Table{}); err == nil {
		t.Error("a table without rows was drawn")
	}
}
