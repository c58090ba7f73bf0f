package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convlab/cnnlib/nets"
	"convlab/cnnlib/weights"
	"convlab/recipes"
)

func TestWeightsTravel(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	t.Setenv("GOMLX_BACKEND", "go")
	m, err := newModel(t.Context(), recipes.Recipe{Net: nets.LeNet()}, nil, 5)
	if err != nil {
		t.Fatal(err)
	}
	if err := weights.Export(m, at("a.pth")); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"import", "3.1", at("a.pth"), "--dir", at("run")},
		{"export", "3.1", at("b.safetensors"), "--dir", at("run")},
		{"import", "3.1", at("b.safetensors"), "--dir", at("again")},
		{"export", "3.1", at("c.onnx"), "--dir", at("again")},
		{"import", "3.1", at("c.onnx"), "--dir", at("third")},
		{"export", "3.1", at("b.pth"), "--dir", at("third")},
	} {
		if err := run(t, args...); err != nil {
			t.Fatalf("%v: %v", args, err)
		}
	}
	a, err := os.ReadFile(at("a.pth"))
	if err != nil {
		t.Fatal(err)
	}
	if b, err := os.ReadFile(at("b.pth")); err != nil || !bytes.Equal(a, b) {
		t.Errorf("the weights that came back differ, error %v", err)
	}
	state, err := weights.ReadFile(at("a.pth"))
	if err != nil {
		t.Fatal(err)
	}
	for i := range state {
		state[i].Name = "state_dict.net." + state[i].Name
	}
	if err := weights.WriteFile(at("wrapped.safetensors"), append(state, weights.NewTensor("best_acc1", []float32{71}))); err != nil {
		t.Fatal(err)
	}
	said, err := printed(t, "import", "3.1", at("wrapped.safetensors"), "--dir", at("wrapped"))
	if want := `weights matched by name after "state_dict.net."; left out: best_acc1`; err != nil || !strings.Contains(said, want) {
		t.Errorf("a checkpoint: error %v, printed\n%s\nwant %s", err, said, want)
	}
	if err := run(t, "import", "3.1", at("none.pth"), "--dir", at("none")); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("no file: error %v", err)
	}
	if err := run(t, "import", "3.2", at("a.pth"), "--dir", at("other")); err == nil || !strings.Contains(err.Error(), "has shape") {
		t.Errorf("weights of another network: error %v", err)
	}
	if err := run(t, "import", "3.2", at("c.onnx"), "--dir", at("other")); err == nil || !strings.Contains(err.Error(), "is another network: operation 0 is Conv Out 6") {
		t.Errorf("another network: error %v", err)
	}
	if err := run(t, "export", "3.1", at("c.stablehlo"), "--dir", at("run")); err == nil || !strings.Contains(err.Error(), "on XLA only") {
		t.Errorf("StableHLO on pure Go: error %v", err)
	}
}

func TestCompareCommand(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	t.Setenv("GOMLX_BACKEND", "go")
	for i, name := range []string{"a.pth", "b.onnx", "c.onnx"} {
		m, err := newModel(t.Context(), recipes.Recipe{Net: nets.LeNet()}, nil, uint64(i/2))
		if err != nil {
			t.Fatal(err)
		}
		if err := weights.Export(m, at(name)); err != nil {
			t.Fatal(err)
		}
	}
	same, err := printed(t, "compare", at("a.pth"), at("b.onnx"), "--net", "3.1", "--draw", at("same.png"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(same), "\n")
	if len(lines) != 4+13 || !strings.Contains(lines[4], "0.0e+00") || !strings.Contains(lines[16], "Dense 10") || !strings.Contains(lines[16], "0.0e+00") {
		t.Errorf("the same weights:\n%s", same)
	}
	if info, err := os.Stat(at("same.png")); err != nil || info.Size() == 0 {
		t.Errorf("no picture: %v", err)
	}
	other, err := printed(t, "compare", at("b.onnx"), at("c.onnx"))
	if err != nil || strings.Count(other, "0.0e+00") > 2 {
		t.Errorf("other weights, error %v:\n%s", err, other)
	}
	open := filepath.FromSlash("../../cnnlib/weights/testdata/made/torch_open.onnx")
	if opened, err := printed(t, "compare", open, open, "--input", "8x12x3"); err != nil || !strings.Contains(opened, "noise of shape [8 12 3]") {
		t.Errorf("a file whose sizes are open, error %v:\n%s", err, opened)
	}
	for want, args := range map[string][]string{
		"--input 48x192x3":               {"compare", open, open},
		"axis 1 has size 3, 4 is wanted": {"compare", open, open, "--input", "8x12x4"},
		"has shape":                      {"compare", at("a.pth"), at("b.onnx"), "--net", "3.2"},
		"no such file":                   {"compare", at("none.pth"), at("b.onnx")},
	} {
		if err := run(t, args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v", args, err)
		}
	}
}

// printed runs a command and gives what it prints.
func printed(t *testing.T, args ...string) (string, error) {
	t.Helper()
	f, err := os.Create(filepath.Join(t.TempDir(), "out"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	old := os.Stdout
	os.Stdout = f
	failed := run(t, args...)
	os.Stdout = old
	text, err := os.ReadFile(f.Name())
	if err != nil {
		t.Fatal(err)
	}
	return string(text), failed
}
