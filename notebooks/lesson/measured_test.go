package lesson

import (
	"fmt"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
)

func someWays() []Way {
	return []Way{
		{Name: "standard 3x3", Layers: cnnlib.Sequential{cnnlib.Conv{Out: 6, Kernel: 3, Padding: 1}}},
		{Name: "1x1", Layers: cnnlib.Sequential{cnnlib.Conv{Out: 6, Kernel: 1}}},
		{Name: "transposed 4x4, stride 2", In: []int{4, 4, 6}, Layers: cnnlib.Sequential{cnnlib.TransposedConv{Out: 6, Kernel: 4, Stride: 2, Padding: 1}}},
		{Name: "dilated 3x3, rate 2", Layers: cnnlib.Sequential{cnnlib.Conv{Out: 6, Kernel: 3, Padding: 2, Dilation: 2}}},
		{Name: "3D 3x3x3", In: []int{4, 8, 8, 6}, Layers: cnnlib.Sequential{cnnlib.Conv{Out: 6, Kernel: 3, Padding: 1}}},
		{Name: "spatially separable", Layers: cnnlib.Sequential{cnnlib.SpatialConv{Out: 6, Kernel: 3, Padding: 1}}},
		{Name: "depthwise separable", Layers: cnnlib.Sequential{cnnlib.SeparableConv{Out: 6, Kernel: 3, Padding: 1}}},
		{Name: "flattened", Layers: cnnlib.Sequential{cnnlib.FlattenedConv{Out: 6, Kernel: 3, Padding: 1}}},
		{Name: "grouped, 2 groups", Layers: cnnlib.Sequential{cnnlib.Conv{Out: 6, Kernel: 3, Padding: 1, Groups: 2}}},
		{Name: "shuffled, 2 groups", Layers: cnnlib.Sequential{cnnlib.ShuffledConv{Out: 6, Kernel: 3, Padding: 1, Groups: 2}}},
		{Name: "two 3x3", Layers: cnnlib.Sequential{cnnlib.Conv{Out: 6, Kernel: 3, Padding: 1}, cnnlib.ReLU{}, cnnlib.Conv{Out: 6, Kernel: 3, Padding: 1}}},
	}
}

// wayFacts are worked out by the formulas of the lesson: weights and biases,
// products per output number, receptive field.
var wayFacts = [][3]any{
	{9*6*6 + 6, 9 * 6 * 6 * 64, "[3 3]"},
	{6*6 + 6, 6 * 6 * 64, "[1 1]"},
	{16*6*6 + 6, 16 * 6 * 6 * 16, "[2 2]"}, // each of 16 input pixels stamps 16 products per pair of channels
	{9*6*6 + 6, 9 * 6 * 6 * 64, "[5 5]"},
	{27*6*6 + 6, 27 * 6 * 6 * 256, "[3 3 3]"},
	{2*3*6*6 + 6, 2 * 3 * 6 * 6 * 64, "[3 3]"},
	{9*6 + 6 + 6*6 + 6, (9*6 + 6*6) * 64, "[3 3]"},
	{6*(6+3+3) + 6, 6 * (6 + 3 + 3) * 64, "[3 3]"},
	{9*6*6/2 + 6, 9 * 6 * 6 / 2 * 64, "[3 3]"},
	{9*6*6/2 + 6, 9 * 6 * 6 / 2 * 64, "[3 3]"},
	{2 * (9*6*6 + 6), 2 * 9 * 6 * 6 * 64, "[5 5]"},
}

func TestMeasured(t *testing.T) {
	labtest.EachBackend(t, func(t *testing.T, b compute.Backend) {
		rows, err := measured(b, b.Name(), []int{8, 8, 6}, 2, someWays())
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range rows.Rows {
			want := wayFacts[i]
			if int(r.Params) != want[0] || int(r.MACs) != want[1] || fmt.Sprint(r.Field) != want[2] {
				t.Errorf("%s: %d params, %d MACs, field %s, want %v", r.Name, r.Params, r.MACs, fmt.Sprint(r.Field), want)
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

func TestWhatCannotBeMeasured(t *testing.T) {
	conv := cnnlib.Sequential{cnnlib.Conv{Out: 2, Kernel: 3}}
	for name, bad := range map[string]struct {
		in    []int
		batch int
		ways  []Way
	}{
		"nothing":     {[]int{8, 8, 1}, 1, nil},
		"no layers":   {[]int{8, 8, 1}, 1, []Way{{Name: "none"}}},
		"small input": {[]int{2, 2, 1}, 1, []Way{{Name: "conv", Layers: conv}}},
		"no input":    {nil, 1, []Way{{Name: "conv", Layers: conv}}},
		"no products": {[]int{8, 8, 1}, 1, []Way{{Name: "relu", Layers: cnnlib.Sequential{cnnlib.ReLU{}}}}},
		"batch":       {[]int{8, 8, 1}, -1, []Way{{Name: "conv", Layers: conv}}},
	} {
		if _, err := measured(labtest.Go(t), "go", bad.in, bad.batch, bad.ways); err == nil {
			t.Errorf("%s: was measured", name)
		}
	}
}
