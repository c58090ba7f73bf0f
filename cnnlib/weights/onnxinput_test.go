package weights

import (
	"strings"
	"testing"

	"convlab/cnnlib/weights/internal/onnx"
)

// TestONNXInput: the one input is float32 or pixels with their normalisation,
// and its size is told by the file or by the caller.
func TestONNXInput(t *testing.T) {
	for want, c := range map[string]struct {
		change func(g *onnx.Graph)
		in     []int
	}{
		"2 inputs, networks here have one": {func(g *onnx.Graph) { g.Inputs = append(g.Inputs, onnx.Value{Name: "more"}) }, nil},
		"type 7, float32 (1) or uint8 (2)": {func(g *onnx.Graph) { g.Inputs[0].Type = onnx.Int64 }, nil},
		"2 axes; [batch, channels, height": {func(g *onnx.Graph) { g.Inputs[0].Dims = batchOf([]int{4}) }, nil},
		"axis 2 has size 0 (\"h\"): tell":  {func(g *onnx.Graph) { g.Inputs[0].Dims[2] = onnx.Dim{Name: "h"} }, nil},
		"axis 2 has size 4, 5 is wanted":   {func(g *onnx.Graph) {}, []int{5, 4, 4}},
		"it has 3 axes beside the batch":   {func(g *onnx.Graph) {}, []int{4, 4}},
		"should go into a Cast to float32": {func(g *onnx.Graph) { g.Inputs[0].Type = onnx.Uint8 }, nil},
		"":                                 {func(g *onnx.Graph) { g.Inputs[0].Dims[2] = onnx.Dim{Name: "h"} }, []int{7, 4, 4}},
	} {
		m := drawnGraph("y = Relu x")
		c.change(&m.Graph)
		net, err := newImporter("drawn", m, 1<<20).network(c.in)
		switch {
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("error %v, want one with %q", err, want)
		case want == "" && (err != nil || net.In[0] != 7):
			t.Errorf("a height that the caller tells: %v", err)
		}
	}
}

// TestONNXPixels: bytes are scaled and normalised as Export writes it.
func TestONNXPixels(t *testing.T) {
	m := drawnGraph("f = Cast x to:1", "c = Constant value_float:255.0", "p = Div f c", "u = Constant value_float:0.5", "q = Sub p u", "s = Constant value_float:0.25", "n = Div q s", "y = Relu n")
	m.Graph.Inputs[0].Type = onnx.Uint8
	net, err := newImporter("drawn", m, 1<<20).network(nil)
	if err != nil {
		t.Fatal(err)
	}
	if sketch(net.Net) != "ReLU" || len(net.Mean) != 4 || net.Mean[3] != 0.5 || net.Std[0] != 0.25 {
		t.Errorf("%s with mean %v and deviation %v", sketch(net.Net), net.Mean, net.Std)
	}
}
