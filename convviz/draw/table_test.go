package draw_test

import (
	"math"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

func TestTableStandsInColumns(t *testing.T) {
	p, err := draw.Table{Title: "T", Head: []string{"name", "long heading", "n"}, Note: "a note that is longer than the table is wide, so that it spreads",
		Rows: [][]string{{"a", "1", "2,000,000"}, {"b", "234", "5"}}}.Draw()
	all := picturetest.Check(t, p, err)
	end := map[string]float64{}
	for _, e := range picturetest.Of(all, "text") {
		end[e.Text] = e.Float(t, "x") + e.Float(t, "textLength")
	}
	for _, column := range [][]string{{"long heading", "1", "234"}, {"n", "2,000,000", "5"}} {
		for _, cell := range column {
			if math.Abs(end[cell]-end[column[0]]) > 0.1 {
				t.Errorf("%q ends at %g, its heading at %g", cell, end[cell], end[column[0]])
			}
		}
	}
	for name, bad := range map[string]draw.Table{
		"empty": {}, "no rows": {Head: []string{"a"}}, "short row": {Head: []string{"a", "b"}, Rows: [][]string{{"1"}}},
		"many rows": {Head: []string{"a"}, Rows: make([][]string, 151)}} {
		if _, err := bad.Draw(); err == nil {
			t.Errorf("%s: was drawn", name)
		}
	}
}
