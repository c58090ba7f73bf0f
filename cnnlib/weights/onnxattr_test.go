package weights

import (
	"math"
	"testing"

	"convlab/cnnlib/weights/internal/onnx"
)

// TestONNXAttributes: what is missing has the operator's default, and a float32
// is the decimal that was meant.
func TestONNXAttributes(t *testing.T) {
	n := onnx.Node{Inputs: []string{"x", ""}, Attrs: []onnx.Attr{intAttr("axis", -1), {Name: "epsilon", Type: onnx.FloatAttr, Float: 1e-5}}}
	if got := intOf(n, "axis", 1); got != -1 {
		t.Errorf("axis %d", got)
	}
	if got := intOf(n, "group", 1); got != 1 {
		t.Errorf("group %d", got)
	}
	if got := floatOf(n, "epsilon", 1); got != 1e-5 {
		t.Errorf("epsilon %g", got)
	}
	if !given(n, 0) || given(n, 1) || given(n, 2) {
		t.Error("an input without a name is not given")
	}
	if got := decimal(float32(math.Inf(1))); !math.IsInf(got, 1) {
		t.Errorf("infinity is read as %g", got)
	}
	if !standard(n) || !standard(onnx.Node{Domain: "ai.onnx"}) || standard(onnx.Node{Domain: "com.example"}) {
		t.Error("operators of ONNX have no domain, or ai.onnx")
	}
}
