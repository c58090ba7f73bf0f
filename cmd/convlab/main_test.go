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
	if err := run(t, "summary", "resnet20", "--input", "64x48x3", "--batch", "4"); err != nil {
		t.Error(err)
	}
	if err := run(t, "bench", "conv", "depthwise", "--input", "1,4,4,2", "--rounds", "1", "--plan", "im2col//"); err != nil {
		t.Error(err)
	}
	empty := t.TempDir()
	for want, args := range map[string][]string{
		"there are 3.1, ":   {"summary", "4"},
		"--rounds must be":  {"bench", "conv", "--rounds", "0"},
		"want FORWARD":      {"bench", "conv", "--plan", "a/b/c/d"},
		"must be one of":    {"bench", "conv", "magic"},
		"no CIFAR-10 files": {"data", "--from", empty, "--data", t.TempDir()},
		"no such file":      {"data", "--from", "/gone", "--data", t.TempDir()},
	} {
		if err := run(t, args...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: error %v, want one with %q", args, err, want)
		}
	}
}

func TestBar(t *testing.T) {
	var b strings.Builder
	show := bar(&b)
	show(0, 0, "one")
	for i := range int64(101) {
		show(i*1e6, 100e6, "two")
	}
	if got := b.String(); !strings.HasPrefix(got, "one\n") || !strings.Contains(got, "two") || !strings.Contains(got, "100%") {
		t.Errorf("%q", got)
	}
}
