package recipes

import (
	"fmt"
	"strings"

	"gonum.org/v1/gonum/stat"
)

// Row is one setting in the table: its finished trials.
type Row struct {
	Way, Name  string
	Params     int64
	Accuracies []float64 // of the validation images, by seed
	Seconds    float64   // mean of a trial's training
}

// MeanSpread are mean and standard deviation (n−1) of the accuracies; of a
// single one the deviation is 0.
func (r Row) MeanSpread() (mean, spread float64) {
	if len(r.Accuracies) < 2 {
		return stat.Mean(r.Accuracies, nil), 0
	}
	return stat.MeanStdDev(r.Accuracies, nil)
}

// Table has a row for each setting of which at least one trial is finished.
type Table struct {
	Rows             []Row
	Epochs           int
	Finished, Trials int
}

// Table collects the trials that are finished.
func (e Experiment) Table() (*Table, error) {
	if err := e.check(); err != nil {
		return nil, err
	}
	table := &Table{Epochs: e.Epochs}
	for _, s := range e.Settings {
		row := Row{Way: s.Way, Name: s.Name}
		for seed := range e.seeds() {
			table.Trials++
			o, err := e.Outcome(Trial{s, uint64(seed + 1)})
			if err != nil {
				return nil, err
			}
			if o == nil {
				continue
			}
			table.Finished++
			row.Params = o.Params
			row.Seconds += o.Seconds
			row.Accuracies = append(row.Accuracies, o.Accuracy)
		}
		if n := len(row.Accuracies); n > 0 {
			row.Seconds /= float64(n)
			table.Rows = append(table.Rows, row)
		}
	}
	return table, nil
}

// String is the table in Markdown.
func (t *Table) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Accuracy on the validation images after %d epochs, mean ± standard deviation over seeds; %d of %d trials are finished.\n\n", t.Epochs, t.Finished, t.Trials)
	fmt.Fprintln(&b, "| way | setting | parameters | accuracy | seeds | seconds |\n|---|---|---:|---:|---:|---:|")
	for _, r := range t.Rows {
		mean, spread := r.MeanSpread()
		fmt.Fprintf(&b, "| %s | %s | %d | %.2f ± %.2f %% | %d | %.0f |\n", r.Way, r.Name, r.Params, 100*mean, 100*spread, len(r.Accuracies), r.Seconds)
	}
	return b.String()
}
