package nets_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/cnnlib/weights"
	"convlab/internal/labtest"

	"github.com/gomlx/compute"
)

// TestONNX: what onnxruntime and cnnlib make of the same files is the same:
// of networks that were exported here, and of those of both of PyTorch's
// exporters. The files are too large to be kept. CONVLAB_NETWORKS names a
// folder with those that testdata/exports.py writes; without it the test looks
// at what the last run with all of them has measured.
func TestONNX(t *testing.T) {
	folder := os.Getenv("CONVLAB_NETWORKS")
	if folder == "" {
		for _, n := range networks(t) {
			for what, off := range map[string]*float64{"export": n.ONNXOut, "import from the dynamo exporter": n.ONNXDynamo, "import from the older exporter": n.ONNXLegacy} {
				if off == nil || *off > 1e-5 {
					t.Errorf("%s: ONNX %s: testdata/measured.json does not have that it is equal to onnxruntime: run testdata/exports.py", n.name, what)
				}
			}
		}
		return
	}
	backend := labtest.XLA(t)
	theirs, ours := readExports(t, filepath.Join(folder, "theirs.json")), readExports(t, filepath.Join(folder, "ours.json"))
	for _, n := range networks(t) {
		t.Run(n.name, func(t *testing.T) {
			for exporter, off := range map[string]**float64{"dynamo": &n.ONNXDynamo, "legacy": &n.ONNXLegacy} {
				name := n.name + "." + exporter + ".onnx"
				*off = importsAsONNXRuntime(t, backend, filepath.Join(folder, name), theirs[name])
			}
			name := n.name + ".convlab.onnx"
			n.ONNXOut = exportsAsONNXRuntime(t, backend, n, filepath.Join(folder, name), theirs[n.name+".dynamo.onnx"].Image, ours[name].Logits)
		})
		record(t, n)
	}
}

// TestONNXAgain: a network that is written to ONNX and read again has the same
// weights and the same logits. The large ones, which are chains, are left to
// TestONNX.
func TestONNXAgain(t *testing.T) {
	backend := labtest.Go(t)
	for _, n := range networks(t) {
		if n.Parameters > 30e6 && n.name != "UNetBilinear" {
			continue
		}
		t.Run(n.name, func(t *testing.T) {
			m := n.model(t, backend, n.Image)
			file := filepath.Join(t.TempDir(), "network.onnx")
			if err := weights.Export(m, file); err != nil {
				t.Fatal(err)
			}
			net, err := weights.ReadONNX(file)
			if err != nil {
				t.Fatal(err)
			}
			again, err := net.Model(backend)
			if err != nil {
				t.Fatal(err)
			}
			defer again.Close()
			if off := distance(logits(t, n, again), n.Logits); off > 1e-5 {
				t.Errorf("logits are %.1e from PyTorch's, relative to the largest", off)
			}
			got, want := again.Root().Info, m.Root().Info
			if got.Params() != want.Params() || got.MACs != want.MACs {
				t.Errorf("%d parameters and %d MACs have become %d and %d", want.Params(), want.MACs, got.Params(), got.MACs)
			}
		})
	}
}

// exported is what onnxruntime has given for a file.
type exported struct {
	Image  []int // shape
	Logits []float32
}

func readExports(t *testing.T, file string) map[string]exported {
	data, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]exported
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatalf("%s: %v", file, err)
	}
	return all
}

// importsAsONNXRuntime reads a file and tells how far its logits are from
// onnxruntime's.
func importsAsONNXRuntime(t *testing.T, backend compute.Backend, file string, want exported) *float64 {
	net, err := weights.ReadONNX(file)
	if err != nil {
		t.Error(err)
		return nil
	}
	net.Mean, net.Std = nets.ImageNetNormalization()
	m, err := net.Model(backend)
	if err != nil {
		t.Errorf("%s: %v", file, err)
		return nil
	}
	defer m.Close()
	return equalONNXRuntime(t, file, m, want.Image, want.Logits)
}

// exportsAsONNXRuntime writes the file if it is not there, or tells how far
// onnxruntime's logits of it are from the network's.
func exportsAsONNXRuntime(t *testing.T, backend compute.Backend, n *network, file string, shape []int, want []float32) *float64 {
	m := n.model(t, backend, shape)
	if _, err := os.Stat(file); err != nil || want == nil {
		if err := weights.Export(m, file); err != nil {
			t.Error(err)
		}
		t.Logf("%s is written: run testdata/exports.py again", file)
		return nil
	}
	return equalONNXRuntime(t, file, m, shape, want)
}

func equalONNXRuntime(t *testing.T, file string, m *cnnlib.Model, shape []int, want []float32) *float64 {
	got, err := m.Predict(image(shape, 1), 1)
	if err != nil {
		t.Error(err)
		return nil
	}
	off := distance(got[0], want)
	t.Logf("%s: logits are %.1e from onnxruntime's", file, off)
	if off > 1e-5 {
		t.Errorf("%s: logits are %.1e from onnxruntime's, relative to the largest", file, off)
		return nil
	}
	return &off
}
