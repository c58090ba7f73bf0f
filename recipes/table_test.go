package recipes

import (
	"math"
	"strings"
	"testing"
)

// TestMeanSpread: the deviation is that of a sample, and 0 of one number.
func TestMeanSpread(t *testing.T) {
	if mean, spread := (Row{Accuracies: []float64{0.7, 0.8, 0.9}}).MeanSpread(); math.Abs(mean-0.8) > 1e-12 || math.Abs(spread-0.1) > 1e-12 {
		t.Errorf("%g ± %g, want 0.8 ± 0.1", mean, spread)
	}
	if mean, spread := (Row{Accuracies: []float64{0.7}}).MeanSpread(); mean != 0.7 || spread != 0 {
		t.Errorf("%g ± %g, want 0.7 ± 0", mean, spread)
	}
}

// TestTableAsMarkdown: a line for each row, and how many trials are finished.
func TestTableAsMarkdown(t *testing.T) {
	text := (&Table{Rows: []Row{{Way: "channels", Name: "64, 256", Params: 12, Accuracies: []float64{0.7, 0.8, 0.9}, Seconds: 61.4}}, Epochs: 5, Finished: 3, Trials: 9}).String()
	for _, want := range []string{"after 5 epochs", "3 of 9 trials are finished", "| channels | 64, 256 | 12 | 80.00 ± 10.00 % | 3 | 61 |\n"} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
