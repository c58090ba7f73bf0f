package lesson

import (
	"testing"

	"convlab/cnnlib"
)

// TestCompare: each way has its row with what it costs, and ratios to the
// first.
func TestCompare(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	wide := cnnlib.Conv{Out: 4, Kernel: 3}
	rows := Compare([]int{6, 6, 2}, A("one", wide), A("two", wide, wide)).Rows
	if len(rows) != 2 || rows[0].Name != "one" || rows[0].Params != 4*(18+1) || rows[1].MACs != 4*4*4*18+2*2*4*36 {
		t.Fatalf("%+v", rows)
	}
	if rows[0].MACRatio != 1 || rows[0].MsRatio != 1 || rows[1].MACRatio != float64(rows[1].MACs)/float64(rows[0].MACs) || !(rows[1].Ms > 0) {
		t.Errorf("ratios %+v", rows)
	}
}
