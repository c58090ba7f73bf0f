package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convlab/internal/backend"
	"convlab/internal/labdir"
	"convlab/internal/labtest"
)

// write puts an executable file below dir.
func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(content), 0o755); err != nil {
		t.Fatal(err)
	}
}

// verdicts maps each check's name to its verdict.
func verdicts(findings []finding) map[string]string {
	m := map[string]string{}
	for _, f := range findings {
		m[f.name] = f.verdict
	}
	return m
}

func TestDoctorOnABareCheckout(t *testing.T) {
	dir := t.TempDir()
	t.Setenv(labdir.Variable, dir)
	t.Setenv(backend.PluginPath, "")
	t.Setenv("GOMLX_BACKEND", "")
	found := examine(t.Context(), dir, filepath.Join(dir, "data"), false)
	got := verdicts(found)
	for name, want := range map[string]string{"Go": ok, "GoMLX": ok, "backend": ok, "plugin": missing, "a product": ok, "gonb": missing, "goimports": missing,
		"gopls": missing, "kernel": missing, "JupyterLab": missing, "data set": missing, "disk": ok} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	var b strings.Builder
	if err := report(&b, found); err == nil || !strings.Contains(b.String(), "make setup") || !strings.Contains(b.String(), "convlab data") {
		t.Errorf("%v\n%s", err, &b)
	}
}

func TestDoctorFindsBrokenThings(t *testing.T) {
	dir := t.TempDir()
	bin := filepath.Join(dir, "gonb")
	spec := filepath.Join(dir, "kernel.json")
	for want, c := range map[string]struct{ program, spec string }{
		"is no program":           {"", `{"argv": ["` + bin + `"]}`},
		"names no program":        {"#!/bin/sh", `{"argv": []}`},
		"unexpected end of JSON":  {"#!/bin/sh", `{"argv": [`},
		"/moved has no go.mod":    {"#!/bin/sh", `{"argv": ["` + bin + `", "--go_work=/moved"]}`},
		"/gone/gonb is not there": {"#!/bin/sh", `{"argv": ["/gone/gonb"]}`},
		`"Go (convlab)", ` + spec: {"#!/bin/sh", `{"argv": ["` + bin + `"], "display_name": "Go (convlab)"}`},
	} {
		write(t, bin, c.program)
		write(t, spec, c.spec)
		if f := kernel(spec); !strings.Contains(f.text, want) || (f.verdict == ok) != strings.HasPrefix(want, `"`) {
			t.Errorf("%v, want %q", f, want)
		}
	}
	for want, script := range map[string]string{ok: "#!/bin/sh\necho 4.6.6", broken: "#!/bin/sh\nexit 1"} {
		write(t, bin, script)
		if f := jupyter(t.Context(), bin); f.verdict != want {
			t.Error(f)
		}
	}
	write(t, filepath.Join(dir, "data_batch_1.bin"), "short")
	if f := dataSet(dir, false); f.verdict != broken || !strings.Contains(f.text, "data_batch_1.bin") {
		t.Error(f)
	}
}

func TestDoctorOnTheRealData(t *testing.T) {
	dir := labtest.Data(t)
	for _, full := range []bool{false, true} {
		if f := dataSet(dir, full); f.verdict != ok {
			t.Error(f)
		}
	}
}
