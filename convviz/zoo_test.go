package convviz

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
)

// TestZooPictures compares what is printed, and where points lie, with rows
// of made-up times.
func TestZooPictures(t *testing.T) {
	inBoth(t, func(t *testing.T) {
		rows := &ZooRows{Batch: 8, Backend: "xla:cpu"}
		names := append([]string{}, chineseZooNames(t)...)
		for i, name := range names {
			ratio := math.Pow(0.75, float64(i))
			rows.Rows = append(rows.Rows, ZooRow{Name: say(name), Params: int64(1000 * (i + 1)), MACs: int64(1e9 * ratio), Field: []int{i + 1, i + 2},
				Ms: 12.345 * float64(i+1), MACRatio: ratio, MsRatio: ratio * (1 + float64(i%3))})
		}
		p, err := rows.Table()
		all := picturetest.Check(t, p, err)
		look(t, "zoo-table", p)
		texts := picturetest.Texts(all)
		for i, r := range rows.Rows {
			for _, want := range []string{r.Name, draw.Number(float64(1000*(i+1)), 0), fmt.Sprintf("%dx%d", i+1, i+2),
				fmt.Sprintf("%.2f", 12.345*float64(i+1)), fmt.Sprintf("%.2f", r.MACRatio), fmt.Sprintf("%.2f", r.MsRatio)} {
				if !slices.Contains(texts, want) {
					t.Errorf("row %d: no %q in the table", i, want)
				}
			}
		}
		p, err = rows.Plot()
		all = picturetest.Check(t, p, err)
		look(t, "zoo-plot", p)
		var xs, ys []float64
		for _, e := range picturetest.Of(all, "circle") {
			xs, ys = append(xs, e.Float(t, "cx")), append(ys, e.Float(t, "cy"))
		}
		if len(xs) != len(names) {
			t.Fatalf("%d points for %d variants", len(xs), len(names))
		}
		// Logarithmic: equal factors are equal distances, the same on both axes.
		scale := (xs[1] - xs[0]) / math.Log(rows.Rows[1].MACRatio/rows.Rows[0].MACRatio)
		for i, r := range rows.Rows {
			x := xs[0] + scale*math.Log(r.MACRatio/rows.Rows[0].MACRatio)
			y := ys[0] - scale*math.Log(r.MsRatio/rows.Rows[0].MsRatio)
			if math.Abs(x-xs[i]) > 0.1 || math.Abs(y-ys[i]) > 0.1 {
				t.Errorf("%s lies at %g, %g, should be at %g, %g", r.Name, xs[i], ys[i], x, y)
			}
			if !slices.Contains(picturetest.Texts(all), r.Name) {
				t.Errorf("no name %s", r.Name)
			}
		}
	})
}

// chineseZooNames are all names that have a translation.
func chineseZooNames(t *testing.T) []string {
	t.Helper()
	var names []string
	for english := range chinese {
		for _, v := range []string{"standard ", "separable", "flattened", "grouped", "shuffled,", "dilated 3x3", "transposed 4", "two 3", "three 3", "3D 3"} {
			if strings.Contains(english, v) && !strings.Contains(english, "%") {
				names = append(names, english)
				break
			}
		}
	}
	slices.Sort(names)
	if len(names) < 12 {
		t.Fatalf("names: %v", names)
	}
	return names
}

func TestBadZoo(t *testing.T) {
	for _, rows := range []*ZooRows{nil, {}, {Rows: []ZooRow{{Name: "a", MACRatio: math.NaN(), MsRatio: 1}}}, {Rows: []ZooRow{{Name: "a", MACRatio: 1, MsRatio: 0}}}} {
		if _, err := rows.Plot(); err == nil {
			t.Errorf("%+v was plotted", rows)
		}
	}
	if _, err := (*ZooRows)(nil).Table(); err == nil {
		t.Error("a table of nothing")
	}
}
