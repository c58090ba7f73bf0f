package program

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Each testdata/NAME.mlir is a program as go-xla writes it; NAME.golden is
// what becomes of it.
func TestRewrite(t *testing.T) {
	files, err := filepath.Glob("testdata/*.mlir")
	if err != nil || len(files) < 5 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := Rewrite(string(text))
		golden := strings.TrimSuffix(file, ".mlir") + ".golden"
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if got != string(want) {
			t.Errorf("%s becomes\n%s\nwant\n%s", file, got, want)
		}
	}
}

// What is not a marked convolution of float32 stays as it is, whatever else
// stands in the program.
func TestLeftAlone(t *testing.T) {
	marked, err := os.ReadFile("testdata/forward.mlir")
	if err != nil {
		t.Fatal(err)
	}
	if _, n := Rewrite(string(marked)); n != 1 {
		t.Fatalf("%d calls in the program that the cases are made of, want 1", n)
	}
	for name, change := range map[string][2]string{
		"axes in their order":        {"[b, 1, 0, f]x[1, 0, i, o]->[b, 1, 0, f]", "[b, 0, 1, f]x[0, 1, i, o]->[b, 0, 1, f]"},
		"only one of them turned":    {"[b, 1, 0, f]x", "[b, 0, 1, f]x"},
		"channels first":             {"[b, 1, 0, f]x[1, 0, i, o]->[b, 1, 0, f]", "[b, f, 1, 0]x[1, 0, i, o]->[b, f, 1, 0]"},
		"bfloat16":                   {"xf32>", "xbf16>"},
		"open sizes":                 {"tensor<2x5x6x4xf32>", "tensor<?x5x6x4xf32>"},
		"a turned window":            {"array<i1: false, false>", "array<i1: true, false>"},
		"several devices":            {"module @", "sdy.mesh @mesh = <[\"d\"=2]>\nmodule @"},
		"a stride over holes":        {"lhs_dilation = array<i64: 1, 1>", "lhs_dilation = array<i64: 1, 3>"},
		"an unknown batch group":     {"batch_group_count = 1", "batch_group_count = 2"},
		"a kernel that does not fit": {"tensor<2x3x4x5xf32>", "tensor<2x3x4x6xf32>"},
		"an endless padding":         {"dense<[[2, 1], [1, 0]]>", "dense<[[9999999999999, 1], [1, 0]]>"},
		"another batch":              {"tensor<2x2x3x5xf32>", "tensor<3x2x3x5xf32>"},
		"a cut program":              {"stablehlo.return", "stablehlo.\"return"},
		"no padding":                 {"padding = dense<[[2, 1], [1, 0]]> : tensor<2x2xi64>,", ""},
	} {
		text := strings.ReplaceAll(string(marked), change[0], change[1])
		if text == string(marked) {
			t.Errorf("%s: %q is not in the program", name, change[0])
		}
		if got, n := Rewrite(text); n != 0 || got != text {
			t.Errorf("%s: %d calls were written", name, n)
		}
	}
}

func FuzzRewrite(f *testing.F) {
	files, err := filepath.Glob("testdata/*.mlir")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, n := Rewrite(text)
		if n == 0 && got != text {
			t.Error("no call, and another text")
		}
		if strings.Count(got, `"convlab.`) < n {
			t.Errorf("%d calls are not all there", n)
		}
	})
}
