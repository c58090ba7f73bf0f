package convviz

import (
	"image"
	"math/rand/v2"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/convviz/internal/picturetest"
	"convlab/internal/labtest"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// foreign is a layer of parts of somebody else: two of them stand in its place.
type foreign struct{}

func (foreign) Name() string { return "Foreign" }
func (foreign) Parts([]int) (cnnlib.Parts, error) {
	return cnnlib.Parts{Layers: []cnnlib.Part{
		{Path: "first", Layer: cnnlib.Conv{Out: 2, Kernel: 3, Same: true}},
		{Layer: cnnlib.Branches{Layers: []cnnlib.Layer{nil, cnnlib.ReLU{}}}}, {Layer: cnnlib.MaxPool{Size: 1}},
	}}, nil
}
func (f foreign) Check(in []int) (cnnlib.Info, error) { return cnnlib.CheckParts(f, in) }
func (f foreign) Build(scope *model.Scope, x *graph.Node) *graph.Node {
	return cnnlib.BuildParts(f, scope, x)
}

// silent is a layer of somebody else that tells its output alone.
type silent struct{}

func (silent) Name() string                                    { return "Silent" }
func (silent) Check(in []int) (cnnlib.Info, error)             { return cnnlib.Info{Output: in}, nil }
func (silent) Build(_ *model.Scope, x *graph.Node) *graph.Node { return x }

// anyLayer is a layer or a nest of layers, whether or not it fits.
func anyLayer(rng *rand.Rand, depth int) cnnlib.Layer {
	some := func() (layers []cnnlib.Layer) {
		for range rng.IntN(4) {
			layers = append(layers, anyLayer(rng, depth-1))
		}
		return layers
	}
	kind := rng.IntN(16)
	switch {
	case kind < 5 && depth > 0:
		layers := some()
		if rng.IntN(2) == 0 {
			layers = append(layers, nil)
		}
		return cnnlib.Branches{Layers: layers, Join: cnnlib.Join(rng.IntN(3))}
	case kind < 7 && depth > 0:
		return cnnlib.Sequential(some())
	}
	return []cnnlib.Layer{cnnlib.Conv{Out: 2, Kernel: 3, Same: true}, cnnlib.Conv{Out: 2, Kernel: 1}, cnnlib.ReLU{}, cnnlib.BatchNorm{}, foreign{}, silent{}, cnnlib.GlobalAvgPool{},
		cnnlib.Dense{Out: 2}, cnnlib.Flatten{}, cnnlib.MaxPool{Size: 2}, cnnlib.TransposedConv{Out: 2, Kernel: 2, Stride: 2}, cnnlib.SeparableConv{Out: 2, Kernel: 3, Same: true},
		cnnlib.AdaptiveAvgPool{Size: 1}, cnnlib.Upsample{Factor: 2}, cnnlib.Conv{Out: 2, Kernel: 3, Same: true}, cnnlib.Dropout{Rate: 0.5}}[kind]
}

// TestAnyNetworkIsDrawnOrRefused draws whatever fits, also signals and volumes,
// inside of every layer: no text lies on another, and what cannot be drawn is
// an error.
func TestAnyNetworkIsDrawnOrRefused(t *testing.T) {
	t.Setenv("CONVLAB_LANG", "en")
	rng := rand.New(rand.NewPCG(219, 220))
	drawn, refused := 0, 0
	for drawn < 100 {
		net, in := cnnlib.Sequential{anyLayer(rng, 3), anyLayer(rng, 3), anyLayer(rng, 1)}, [][]int{{8, 8, 2}, {8, 6, 2}, {9, 2}, {4, 4, 4, 2}, {2}, {1, 1, 2}}[rng.IntN(6)]
		sum, err := net.Summary(in)
		if err != nil {
			continue
		}
		check := func(p *Picture, err error) {
			if err != nil {
				refused++
				return
			}
			drawn++
			picturetest.Apart(t, picturetest.Parse(t, p.SVG))
		}
		check(Network(net, in))
		check(ReceptiveField(net, in))
		check(Costs(sum, nil))
		path := sum.Rows[rng.IntN(len(sum.Rows))].Path
		check(Inside(net, in, path))
		if len(in) == 3 {
			check(ReceptiveFieldOn(net, in, image.NewGray(image.Rect(0, 0, in[1], in[0])), path, 0, 0))
		}
		if t.Failed() {
			t.Fatalf("%#v on %v", net, in)
		}
	}
	if refused == 0 {
		t.Error("nothing was refused")
	}
}

func TestExplainInABranch(t *testing.T) {
	in := []int{16, 16, 4}
	open := func(seed uint64) *cnnlib.Model {
		m, err := cnnlib.New(labtest.Go(t), branching(), in, cnnlib.Options{Seed: seed})
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	trained, random := open(1), open(2)
	pixels := make([]uint8, 16*16*4)
	for i := range pixels {
		pixels[i] = uint8(i * 7919)
	}
	for _, path := range []cnnlib.Path{"2.1.3", "6.1.0", "6"} {
		list, err := Explain(t.Context(), trained, random, pixels, path, 3)
		if err != nil {
			t.Fatalf("%s: %v", path, err)
		}
		p, err := Saliencies(image.NewGray(image.Rect(0, 0, 16, 16)), "cat", list...)
		picturetest.Check(t, p, err)
	}
	if _, err := Explain(t.Context(), trained, random, pixels, "4.1.0", 3); err == nil || !strings.Contains(err.Error(), "layer 4.1.0 (GlobalAvgPool) has output shape [16]") {
		t.Errorf("Grad-CAM of features: %v", err)
	}
}
