package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestFiguresAreMeasured checks that the page and the README say what the kept
// turns say.
func TestFiguresAreMeasured(t *testing.T) {
	const root = "../../.."
	made, err := files(root)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range made {
		got, err := os.ReadFile(filepath.Join(root, path))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s is not what docs/benchmarks/*.json give: run go run ./tests/bench/report", path)
		}
	}
}

const small = `{"name": "b", "title": "T", "ours": "we", "date": "2026-01-02", "commit": "abc", "machine": {"processor": "P", "cores": 2, "system": "S", "memory": "M"},
 "load": [0.1, 2], "versions": {"x": "1"}, "notes": ["Note."], "roof": "product", "seconds": 3, "others": 0.05, "cases": [
  {"case": "training", "unit": "img/s", "work": 100, "flops": 3e9, "seconds": {"we": [0.1, 0.2, 0.1], "they": [0.2, 0.6, 0.3]}, "busy": {"we": [0.2, 0.2, 0.2], "they": [0.3, 0.3, 0.3]}},
  {"case": "product", "unit": "ms", "work": 1, "flops": 1e9, "seconds": {"we": [0.01, 0.01, 0.01]}, "busy": {"we": [0.02, 0.02, 0.02]}}]}`

func TestDocument(t *testing.T) {
	path := filepath.Join(t.TempDir(), "b.json")
	if err := os.WriteFile(path, []byte(small), 0o644); err != nil {
		t.Fatal(err)
	}
	r, err := readResult(path)
	if err != nil {
		t.Fatal(err)
	}
	text := document([]*result{r})
	for _, want := range []string{
		"| training | we | 3 | 1,000 img/s | ± 12 % |  |  | 30 % | 30 % |", // 100/0.1, quartiles 750 and 1000; 3e9/0.1 of 1e11
		"|  | they | 3 | 333 img/s | ± 25 % | 3.00 | 1.50 | 10 % | 20 % |", // 2, 3 and 3 times
		"| product | we | 3 | 10.0 ms | ± 0 % |",
		"100 GFLOP/s",
		"Note.",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
	if strings.Contains(text, "shared") {
		t.Error("0.05 of 2 cores is no crowd")
	}
}

func TestBadResults(t *testing.T) {
	for name, change := range map[string][2]string{
		"a turn is missing":      {`"they": [0.2, 0.6, 0.3]`, `"they": [0.2, 0.6]`},
		"a time is 0":            {`"we": [0.1, 0.2, 0.1]`, `"we": [0, 0.2, 0.1]`},
		"nothing is ours":        {`"ours": "we"`, `"ours": "us"`},
		"no such roof":           {`"roof": "product"`, `"roof": "sky"`},
		"a field nobody knows":   {`"title"`, `"titel"`},
		"cut in the middle":      {`"they": [0.2`, ""},
		"a program without busy": {`"busy": {"we": [0.2, 0.2, 0.2], "they"`, `"busy": {"we": [0.2, 0.2, 0.2], "others"`},
	} {
		path := filepath.Join(t.TempDir(), "b.json")
		text := strings.Replace(small, change[0], change[1], 1)
		if change[1] == "" {
			text, _, _ = strings.Cut(small, change[0])
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := readResult(path); err == nil || !strings.Contains(err.Error(), "b.json") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// A step's least time is that of its operations or of its bytes, whichever is longer.
func TestShareOfTheRoof(t *testing.T) {
	machine := roof{flops: 1e11, bytes: 1e10}
	for want, c := range map[string]benchCase{"50 %": {FLOPs: 1e9, Bytes: 1e9}, "5 %": {FLOPs: 1e9}, "–": {}} {
		if got := machine.share(&c, []float64{0.1, 0.2, 0.3}); got != want {
			t.Errorf("%v: %s, want %s", c, got, want)
		}
	}
}
