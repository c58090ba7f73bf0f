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
