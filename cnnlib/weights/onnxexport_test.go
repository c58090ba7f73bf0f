package weights

import (
	"path/filepath"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// foreign is a layer without an ONNX form.
type foreign struct{}

func (foreign) Name() string { return "Foreign" }
func (foreign) Check(in []int) (cnnlib.Info, error) {
	return cnnlib.Info{Output: in, Pointwise: true}, nil
}
func (foreign) Build(_ *model.Scope, x *graph.Node) *graph.Node { return graph.Neg(x) }

// drawn is one whose ONNX form is draw's.
type drawn struct {
	foreign
	draw func(g cnnlib.ONNXGraph, x string) string
}

func (d drawn) ONNX(g cnnlib.ONNXGraph, x string, _ []int, _ []string) (string, error) {
	return d.draw(g, x), nil
}

func exported(t *testing.T, net cnnlib.Sequential) error {
	t.Helper()
	m, err := cnnlib.New(labtest.Go(t), net, []int{4, 4, 2}, cnnlib.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return Export(m, filepath.Join(t.TempDir(), "a.onnx"))
}

// TestONNXFormOfForeignLayers: a layer draws itself; one that cannot, or
// draws what no graph can be, is named.
func TestONNXFormOfForeignLayers(t *testing.T) {
	inside := func(l cnnlib.Layer) cnnlib.Sequential {
		return cnnlib.Sequential{cnnlib.ReLU{}, cnnlib.Residual(cnnlib.Conv{Out: 2, Kernel: 1}, l), cnnlib.Flatten{}}
	}
	if err := exported(t, inside(drawn{draw: func(g cnnlib.ONNXGraph, x string) string { return g.Node("Neg", []string{x}) }})); err != nil {
		t.Error(err)
	}
	for want, l := range map[string]cnnlib.Layer{
		"layer 1.1.1 (Foreign): weights.foreign does not implement cnnlib.ONNXFormer": foreign{},
		`takes "y", which nothing makes`:                                              drawn{draw: func(g cnnlib.ONNXGraph, x string) string { return g.Node("Add", []string{x, "y"}) }},
		`gives the value "y", which nothing makes`:                                    drawn{draw: func(g cnnlib.ONNXGraph, x string) string { return "y" }},
		"attribute a is a bool": drawn{draw: func(g cnnlib.ONNXGraph, x string) string {
			return g.Node("Neg", []string{x}, cnnlib.ONNXAttribute{Name: "a", Value: true})
		}},
		"a constant of shape [3] has 2 numbers": drawn{draw: func(g cnnlib.ONNXGraph, x string) string {
			return g.Node("Mul", []string{x, g.Floats([]float32{1, 2}, 3)})
		}},
	} {
		if err := exported(t, inside(l)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v", want, err)
		}
	}
}

// TestONNXConstantsOnce: equal constants stand in the file once, weights with
// equal numbers each under its own name.
func TestONNXConstantsOnce(t *testing.T) {
	net := cnnlib.Sequential{cnnlib.ChannelShuffle{Groups: 2}, cnnlib.Named("a", cnnlib.BatchNorm{}), cnnlib.ChannelShuffle{Groups: 2}, cnnlib.Named("b", cnnlib.BatchNorm{})}
	root, err := cnnlib.Resolve(net, []int{4, 4, 6})
	if err != nil {
		t.Fatal(err)
	}
	var state []Tensor
	for _, name := range strings.Fields("a.weight a.bias a.running_mean a.running_var b.weight b.bias b.running_mean b.running_var") {
		state = append(state, NewTensor(name, make([]float32, 6), 6))
	}
	graph, err := graphONNX(root, state, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if n := len(graph.Initializers); n != 8+3 { // 255 and the two shapes of a shuffle
		t.Errorf("%d initializers, want 8 weights and 3 constants", n)
	}
	state[4].Name = "a.weight"
	if _, err := graphONNX(root, state, nil, nil); err == nil || !strings.Contains(err.Error(), `the name "a.weight" of a weight is reserved or there twice`) {
		t.Errorf("two weights of one name: error %v", err)
	}
}
