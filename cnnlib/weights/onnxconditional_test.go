package weights

import (
	"strings"
	"testing"

	"convlab/cnnlib/weights/internal/onnx"
)

// TestONNXConditional: of an If whose condition is known, the branch that it
// chooses is read; another one is an error.
func TestONNXConditional(t *testing.T) {
	branch := func(name, op string) onnx.Attr {
		return onnx.Attr{Name: name, Type: onnx.GraphAttr, Graph: &onnx.Graph{
			Nodes: []onnx.Node{{Op: op, Inputs: []string{"x"}, Outputs: []string{name}}}, Outputs: []onnx.Value{{Name: name}}}}
	}
	for want, condition := range map[string]string{
		"Tanh": "c = Constant value_int:1", "ReLU": "c = Constant value_int:0",
		"its condition is not known": "c = Relu x",
	} {
		m := drawnGraph(condition)
		m.Graph.Nodes = append(m.Graph.Nodes, onnx.Node{Op: "If", Inputs: []string{"c"}, Outputs: []string{"y"},
			Attrs: []onnx.Attr{branch("then_branch", "Tanh"), branch("else_branch", "Relu")}})
		net, err := newImporter("drawn", m, 1<<20).network(nil)
		switch {
		case err != nil && !strings.Contains(err.Error(), want):
			t.Errorf("%s: %v, want %s", condition, err, want)
		case err == nil && sketch(net.Net) != want:
			t.Errorf("%s: %s, want %s", condition, sketch(net.Net), want)
		}
	}
}
