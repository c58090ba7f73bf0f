package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestTells(t *testing.T) {
	for _, c := range []struct {
		out, want string
		ran       bool
	}{
		{"\x1b[7mE1126 04:59:06.982504    1397 main.go:191] \x1b[0mError message\nE1126 04:59:07.1 1397 exec.go:5] [aad99e00] Failed \"go build\"\nbye\n", "Failed \"go build\"", false},
		{"Traceback (most recent call last):\n  File \"x\"\nRuntimeError: Kernel died\n", "RuntimeError: Kernel died", false},
		{"hello\nthe cell's logits: 10 on go\n", "the cell's logits: 10 on go", true},
		{"one\ntwo\n", "two", false},
	} {
		if got := tells(c.out, c.ran); got != c.want {
			t.Errorf("%q tells %q, want %q", c.out, got, c.want)
		}
	}
}

func TestWithout(t *testing.T) {
	env := without([]string{"A=1", "HOME=/nowhere", "CC=x"}, t.TempDir(), "CC", "HOME")
	if slices.Contains(env, "CC=x") || slices.Contains(env, "HOME=/nowhere") || !slices.Contains(env, "A=1") || !strings.HasPrefix(env[len(env)-1], "HOME=/") {
		t.Error(env)
	}
}

func TestHashes(t *testing.T) {
	dir := t.TempDir()
	if f := hashes(dir); f.verdict != missing {
		t.Error(f)
	}
	write(t, filepath.Join(dir, "bin", "gonb"), "a program")
	write(t, filepath.Join(dir, "done", "hashes"), "c593e79bd2b8f89d80a7f3c4fe6a8e8de8b5d3f4e2d8d6a1f1d3c5bd5a1bd0b0  bin/gonb\n")
	if f := hashes(dir); f.verdict != broken || !strings.Contains(f.text, "bin/gonb was changed") || !strings.Contains(f.todo, "make setup") {
		t.Error(f)
	}
	sum, err := sha256Of(filepath.Join(dir, "bin", "gonb"))
	if err != nil {
		t.Fatal(err)
	}
	write(t, filepath.Join(dir, "done", "hashes"), sum+"  bin/gonb\n")
	if f := hashes(dir); f.verdict != ok {
		t.Error(f)
	}
	os.Remove(filepath.Join(dir, "bin", "gonb"))
	if f := hashes(dir); f.verdict != broken || !strings.Contains(f.text, "is gone") {
		t.Error(f)
	}
}
