package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convlab/cnnlib/weights"

	"github.com/alecthomas/kong"
)

func run(t *testing.T, args ...string) error {
	t.Helper()
	t.Setenv("GOMLX_BACKEND", "go")
	parser, err := kong.New(&cli{}, kong.BindTo(context.Background(), (*context.Context)(nil)), kong.Vars{"data": "data"})
	if err != nil {
		t.Fatal(err)
	}
	k, err := parser.Parse(args)
	if err != nil {
		return err
	}
	return k.Run()
}

func TestCommands(t *testing.T) {
	if err := run(t, "summary", "3.1"); err != nil {
		t.Error(err)
	}
	empty := t.TempDir()
	for want, args := range map[string][]string{
		"3.1":              {"summary", "4"},
		"cifar-10-binary":  {"train", "3.1", "--data", empty},
		"data_batch_1.bin": {"eval", "3.2", "--data", empty},
		"lables.json":      {"data", "--from", empty, "--data", empty},
	} {
		if err := run(t, args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want one with %q", args, err, want)
		}
	}
}

func TestWeightsTravel(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	c := runFlags{network: network{"3.1"}, Seed: 5}
	t.Setenv("GOMLX_BACKEND", "go")
	m, err := c.model()
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
