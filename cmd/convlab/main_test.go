package main

import (
	"strings"
	"testing"
)

func run(t *testing.T, args ...string) error {
	t.Helper()
	t.Setenv("GOMLX_BACKEND", "go")
	p, err := parser(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	k, err := p.Parse(args)
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
