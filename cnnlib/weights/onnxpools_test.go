package weights

import "testing"

// TestONNXAdaptivePools: pools that are written axis by axis or cell by cell.
func TestONNXAdaptivePools(t *testing.T) {
	const upper, lower = "a = Slice x starts:0, ends:2, axes:2,; ", "c = Slice x starts:2, ends:4, axes:2,; "
	areRead(t, map[string]string{
		"AdaptiveAvgPool":  "a = ReduceMean x axes:2,; y = ReduceMean a axes:3,",
		"AdaptiveMaxPool":  "y = ReduceMax x axes:-1,-2",
		"GlobalMaxPool":    "y = ReduceMax x axes:2,3 keepdims:0",
		"GlobalAvgPool":    "a = ReduceMean x axes:3, keepdims:0; y = ReduceMean a axes:2, keepdims:0",
		"it reduces axes":  "y = ReduceMean x axes:1,",
		"joins along axis": upper + lower + "b = ReduceMean a axes:2,; d = ReduceMax c axes:2,; y = Concat b d axis:2", // a mean and a maximum
	})
	net, got := readDrawn(upper + lower + "b = ReduceMean a axes:2,; d = ReduceMean c axes:2,; y = Concat b d axis:2")
	if net == nil || net.Net[0].Name() != "AdaptiveAvgPool 2x4" {
		t.Errorf("two cells joined: %s", got)
	}
}
