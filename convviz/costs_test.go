package convviz

import (
	"math/rand/v2"
	"strings"
	"testing"

	"convlab/cnnlib"
)

// TestCostsOfParts: whatever layers count as their parts, the bars add up to
// the whole.
func TestCostsOfParts(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(221, 222))
	for range drawings {
		in := told{h: 6 + rng.IntN(20), w: 6 + rng.IntN(20), c: 1 + rng.IntN(8), jump: 1}
		net, _ := randomBlock(rng, in, 3, &expected{})
		net = append(net, foreign{})
		sum, err := net.Summary([]int{in.h, in.w, in.c})
		if err != nil {
			t.Fatal(err)
		}
		for depth := range 8 {
			params, macs, bytes := int64(0), int64(0), int64(0)
			for _, row := range costRows(sum.Rows, depth) {
				params, macs, bytes = params+row.Params, macs+row.MACs, bytes+row.ActivationBytes
			}
			if params != sum.Params || macs != sum.MACs || bytes != sum.ActivationBytes {
				t.Fatalf("%#v at depth %d: %d params, %d MACs and %d bytes of %d, %d and %d", net, depth, params, macs, bytes, sum.Params, sum.MACs, sum.ActivationBytes)
			}
		}
	}
	sum, err := branching().Summary([]int{16, 16, 4})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Costs(sum, nil)
	texts := printed(t, p, err)
	look(t, "costs-branches", p)
	wantTexts(t, "bars", texts, "2.1.4 BatchNorm", "2 Sum", "4.1.1 Dense 4", "8 Dense 10")
	p, err = Costs(sum, make([]float64, 9))
	wantTexts(t, "bars with times", printed(t, p, err), "2 Sum", "Milliseconds")
	if _, err := Costs(&cnnlib.Summary{Rows: make([]cnnlib.Row, 73)}, nil); err == nil || !strings.Contains(err.Error(), "73 layers are too many for bars") {
		t.Errorf("73 bars: %v", err)
	}
}
