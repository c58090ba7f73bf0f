package convviz

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/convviz/draw"
	"convlab/convviz/internal/picturetest"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
)

func smallZoo() Zoo {
	return Zoo{In: []int{8, 8, 6}, Batch: 2, Variants: []Variant{
		{Name: "standard 3x3", Net: cnnlib.Sequential{cnnlib.Conv{Out: 6, Kernel: 3, Padding: 1}}},
		{Name: "1x1", Net: cnnlib.Sequential{cnnlib.Conv{Out: 6, Kernel: 1}}},
		{Name: "transposed 4x4, stride 2", In: []int{4, 4, 6}, Net: cnnlib.Sequential{cnnlib.TransposedConv{Out: 6, Kernel: 4, Stride: 2, Padding: 1}}},
		{Name: "dilated 3x3, rate 2", Net: cnnlib.Sequential{cnnlib.Conv{Out: 6, Kernel: 3, Padding: 2, Dilation: 2}}},
		{Name: "3D 3x3x3", In: []int{4, 8, 8, 6}, Net: cnnlib.Sequential{cnnlib.Conv{Out: 6, Kernel: 3, Padding: 1}}},
		{Name: "spatially separable", Net: cnnlib.Sequential{cnnlib.SpatialConv{Out: 6, Kernel: 3, Padding: 1}}},
		{Name: "depthwise separable", Net: cnnlib.Sequential{cnnlib.SeparableConv{Out: 6, Kernel: 3, Padding: 1}}},
		{Name: "flattened", Net: cnnlib.Sequential{cnnlib.FlattenedConv{Out: 6, Kernel: 3, Padding: 1}}},
		{Name: "grouped, 2 groups", Net: cnnlib.Sequential{cnnlib.Conv{Out: 6, Kernel: 3, Padding: 1, Groups: 2}}},
		{Name: "shuffled, 2 groups", Net: cnnlib.Sequential{cnnlib.ShuffledConv{Out: 6, Kernel: 3, Padding: 1, Groups: 2}}},
		{Name: "two 3x3", Net: cnnlib.Sequential{cnnlib.Conv{Out: 6, Kernel: 3, Padding: 1}, cnnlib.ReLU{}, cnnlib.Conv{Out: 6, Kernel: 3, Padding: 1}}},
	}}
}

// zooFacts are worked out by the formulas of the lesson: weights and biases,
// products per output number, receptive field.
var zooFacts = [][3]any{
	{9*6*6 + 6, 9 * 6 * 6 * 64, "3x3"},
	{6*6 + 6, 6 * 6 * 64, "1x1"},
	{16*6*6 + 6, 16 * 6 * 6 * 16, "2x2"}, // each of 16 input pixels stamps 16 products per pair of channels
	{9*6*6 + 6, 9 * 6 * 6 * 64, "5x5"},
	{27*6*6 + 6, 27 * 6 * 6 * 256, "3x3x3"},
	{2*3*6*6 + 6, 2 * 3 * 6 * 6 * 64, "3x3"},
	{9*6 + 6 + 6*6 + 6, (9*6 + 6*6) * 64, "3x3"},
	{6*(6+3+3) + 6, 6 * (6 + 3 + 3) * 64, "3x3"},
	{9*6*6/2 + 6, 9 * 6 * 6 / 2 * 64, "3x3"},
	{9*6*6/2 + 6, 9 * 6 * 6 / 2 * 64, "3x3"},
	{2 * (9*6*6 + 6), 2 * 9 * 6 * 6 * 64, "5x5"},
}

func TestZoo(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		zoo := smallZoo()
		zoo.Backend = b
		rows, err := zoo.Measure()
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range rows.Rows {
			want := zooFacts[i]
			if int(r.Params) != want[0] || int(r.MACs) != want[1] || r.fieldText() != want[2] {
				t.Errorf("%s: %d params, %d MACs, field %s, want %v", r.Name, r.Params, r.MACs, r.fieldText(), want)
			}
			if !(r.Ms > 0 && r.Ms < 60_000) || r.MACRatio != float64(r.MACs)/float64(9*6*6*64) || r.MsRatio != r.Ms/rows.Rows[0].Ms {
				t.Errorf("%s: %g ms, ratios %g and %g", r.Name, r.Ms, r.MACRatio, r.MsRatio)
			}
		}
		if got := rows.Rows[10].Activations; got != 3*6*64 {
			t.Errorf("two layers and a ReLU give %d numbers", got)
		}
	})
}

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
	conv := cnnlib.Sequential{cnnlib.Conv{Out: 2, Kernel: 3}}
	for name, bad := range map[string]Zoo{
		"nothing":     {In: []int{8, 8, 1}},
		"no layers":   {In: []int{8, 8, 1}, Variants: []Variant{{Name: "none"}}},
		"small input": {In: []int{2, 2, 1}, Variants: []Variant{{Name: "conv", Net: conv}}},
		"no input":    {Variants: []Variant{{Name: "conv", Net: conv}}},
		"no products": {In: []int{8, 8, 1}, Variants: []Variant{{Name: "relu", Net: cnnlib.Sequential{cnnlib.ReLU{}}}}},
		"batch":       {In: []int{8, 8, 1}, Batch: -1, Variants: []Variant{{Name: "conv", Net: conv}}},
	} {
		bad.Backend = labtest.Go(t)
		if _, err := bad.Measure(); err == nil {
			t.Errorf("%s: was measured", name)
		}
	}
	ended, end := context.WithCancel(t.Context())
	end()
	good := Zoo{In: []int{8, 8, 1}, Backend: labtest.Go(t), Variants: []Variant{{Name: "conv", Net: conv}}}
	if _, err := good.MeasureContext(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("with a context that has ended: %v", err)
	}
	for _, rows := range []*ZooRows{nil, {}, {Rows: []ZooRow{{Name: "a", MACRatio: math.NaN(), MsRatio: 1}}}, {Rows: []ZooRow{{Name: "a", MACRatio: 1, MsRatio: 0}}}} {
		if _, err := rows.Plot(); err == nil {
			t.Errorf("%+v was plotted", rows)
		}
	}
	if _, err := (*ZooRows)(nil).Table(); err == nil {
		t.Error("a table of nothing")
	}
}
