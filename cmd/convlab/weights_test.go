package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/weights"
	"convlab/recipes"
)

func TestWeightsTravel(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	t.Setenv("GOMLX_BACKEND", "go")
	m, err := newModel(recipes.Recipe{Net: cnnlib.LeNet()}, nil, 5)
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
		{"export", "3.1", at("b.pth"), "--dir", at("again")},
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
	if err := run(t, "import", "3.2", at("a.pth"), "--dir", at("other")); err == nil || !strings.Contains(err.Error(), "has shape") {
		t.Errorf("weights of another network: error %v", err)
	}
}
