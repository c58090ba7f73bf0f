package weights

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/internal/labtest"
)

// TestONNXOfAnotherNetwork is not imported.
func TestONNXOfAnotherNetwork(t *testing.T) {
	b := labtest.Go(t)
	from := cnnlib.Sequential{cnnlib.Conv{Out: 4, Kernel: 3}, cnnlib.ReLU{}, cnnlib.Dropout{Rate: 0.5}, cnnlib.Flatten{}, cnnlib.Dense{Out: 5}}
	in := []int{8, 8, 3}
	m, err := cnnlib.New(b, from, in, cnnlib.Options{})
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "a.onnx")
	if err := Export(m, file); err != nil {
		t.Fatal(err)
	}
	to := func(change func(net cnnlib.Sequential) cnnlib.Sequential, opt cnnlib.Options) error {
		other, err := cnnlib.New(b, change(slices.Clone(from)), in, opt)
		if err != nil {
			t.Fatal(err)
		}
		_, err = Import(other, file)
		return err
	}
	if err := to(func(net cnnlib.Sequential) cnnlib.Sequential { return append(net[:2:2], net[3:]...) }, cnnlib.Options{}); err != nil {
		t.Errorf("without Dropout: %v", err)
	}
	for want, change := range map[string]func(net cnnlib.Sequential) cnnlib.Sequential{
		"operation 1 is ReLU there, Tanh here": func(net cnnlib.Sequential) cnnlib.Sequential { net[1] = cnnlib.Tanh{}; return net },
		"is missing there":                     func(net cnnlib.Sequential) cnnlib.Sequential { return append(net, cnnlib.ReLU{}) },
		"Conv Out 4 Kernel 3 there, Conv Out 4 Kernel 3 Stride 2 here": func(net cnnlib.Sequential) cnnlib.Sequential {
			net[0] = cnnlib.Conv{Out: 4, Kernel: 3, Stride: 2}
			return net
		},
	} {
		if err := to(change, cnnlib.Options{}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v", want, err)
		}
	}
	shift := cnnlib.Options{Mean: []float32{1, 1, 1}, Std: []float32{1, 1, 1}}
	if err := to(func(net cnnlib.Sequential) cnnlib.Sequential { return net }, shift); err == nil || !strings.Contains(err.Error(), "normalises") {
		t.Errorf("another normalization: error %v", err)
	}
}

// TestONNXOfBranches: a file of PyTorch is imported into the same network,
// whatever its weights are called and however its sums are ordered.
func TestONNXOfBranches(t *testing.T) {
	b := labtest.Go(t)
	conv := func(out, kernel int) cnnlib.Layer { return cnnlib.Conv{Out: out, Kernel: kernel, Padding: kernel / 2} }
	inception := cnnlib.Sequential{
		cnnlib.Branches{Layers: []cnnlib.Layer{conv(2, 1), cnnlib.Sequential{conv(2, 1), cnnlib.ReLU{}, conv(3, 3)},
			cnnlib.Sequential{cnnlib.MaxPool{Size: 3, Stride: 1, Padding: 1}, conv(2, 1)}}},
		cnnlib.MaxPool{Size: 3, Stride: 2, Ceil: true}, cnnlib.GlobalAvgPool{}}
	up := func() cnnlib.Layer { return cnnlib.TransposedConv{Out: 4, Kernel: 2, Stride: 2} }
	down := cnnlib.MaxPool{Size: 2}
	unet := cnnlib.Sequential{cnnlib.Named("a", conv(3, 3)), cnnlib.ReLU{}, cnnlib.Dropout{Rate: 0.5},
		cnnlib.Branches{Layers: []cnnlib.Layer{nil, cnnlib.Sequential{down, conv(4, 3), cnnlib.ReLU{},
			cnnlib.Branches{Layers: []cnnlib.Layer{nil, cnnlib.Sequential{down, conv(4, 3), cnnlib.ReLU{}, up()}}}, conv(4, 3), cnnlib.ReLU{}, up()}}},
		conv(2, 3)}
	squeeze := cnnlib.Sequential{cnnlib.Conv{Out: 6, Kernel: 3}, cnnlib.ReLU6{}, cnnlib.Branches{Join: cnnlib.Product, Layers: []cnnlib.Layer{
		cnnlib.Sequential{cnnlib.GlobalAvgPool{}, cnnlib.Dense{Out: 3}, cnnlib.ReLU{}, cnnlib.Dense{Out: 6}, cnnlib.HardSigmoid{}}, nil}}, cnnlib.GlobalAvgPool{}}
	in := []int{8, 8, 3}
	golden := readGoldenONNX(t).Made
	for name, net := range map[string]cnnlib.Sequential{"inception": inception, "unet": unet, "squeeze": squeeze} {
		for _, exporter := range []string{"_new", "_old"} {
			m, err := cnnlib.New(b, net, in, cnnlib.Options{})
			if err != nil {
				t.Fatal(err)
			}
			file := "testdata/made/torch_" + name + exporter + ".onnx"
			if report, err := Import(m, file); err != nil || report.How != "operation by operation" {
				t.Errorf("%s%s: %v, error %v", name, exporter, report, err)
				continue
			}
			got, err := m.Predict(pixelsFor(in, 2), 2)
			if err != nil {
				t.Fatal(err)
			}
			if off := relative(got, golden["torch_"+name+exporter].Output); !(off <= 1e-5) {
				t.Errorf("%s%s: outputs differ from onnxruntime's by %.1e relative", name, exporter, off)
			}
		}
	}
	other := slices.Clone(inception)
	other[0] = cnnlib.Branches{Layers: inception[0].(cnnlib.Branches).Layers[:2]}
	m, err := cnnlib.New(b, other, in, cnnlib.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := Import(m, "testdata/made/torch_inception_new.onnx"); err == nil || !strings.Contains(err.Error(), "operation 0 is branch 0 of 3 there, branch 0 of 2 here") {
		t.Errorf("another number of branches: error %v", err)
	}
}

// TestONNXOfForeignLayers: of a layer that only its own program can read, the
// file is told by its nodes.
func TestONNXOfForeignLayers(t *testing.T) {
	abs := drawn{draw: func(g cnnlib.ONNXGraph, x string) string { return g.Node("Abs", []string{x}) }}
	net := cnnlib.Sequential{cnnlib.Conv{Out: 2, Kernel: 3}, cnnlib.Residual(abs, cnnlib.Conv{Out: 2, Kernel: 1})}
	b, file := labtest.Go(t), filepath.Join(t.TempDir(), "a.onnx")
	var models [2]*cnnlib.Model
	for i := range models {
		m, err := cnnlib.New(b, net, []int{5, 5, 1}, cnnlib.Options{Seed: uint64(i)})
		if err != nil {
			t.Fatal(err)
		}
		models[i] = m
	}
	if err := Export(models[0], file); err != nil {
		t.Fatal(err)
	}
	if _, err := ReadONNX(file); err == nil || !strings.Contains(err.Error(), "(Abs): cnnlib has no layer") {
		t.Errorf("read without the layer: error %v", err)
	}
	if _, err := Import(models[1], file); err != nil {
		t.Fatal(err)
	}
	sameState(t, "imported", state(t, models[1]), state(t, models[0]))
}
