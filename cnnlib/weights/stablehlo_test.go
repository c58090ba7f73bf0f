package weights

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convlab/internal/labtest"
)

// TestStableHLO looks at the text; cmd/convserve runs it, and
// testdata/run_stablehlo.py in JAX.
func TestStableHLO(t *testing.T) {
	b := labtest.XLA(t)
	dir := os.Getenv("CONVLAB_STABLEHLO_OUT") // see testdata/run_stablehlo.py
	for name, c := range allONNXCases() {
		if dir == "" && name != "mobile" && name != "inception" {
			continue
		}
		m := randomModel(t, b, c)
		file := filepath.Join(t.TempDir(), "net.stablehlo")
		if dir != "" {
			file = filepath.Join(dir, name+".stablehlo")
		}
		if err := ExportStableHLO(m, file, 2, []string{"cat", "dog"}); err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		for _, want := range []string{"\n// classes: cat,dog\n", "@main(%pixels: tensor<2x"} {
			if !strings.Contains(string(text), want) {
				t.Errorf("%s: no %q in %.300s", name, want, text)
			}
		}
		if (name == "mobile" || name == "inception") && strings.Count(string(text), "dense<\"0x") != len(state(t, m)) {
			t.Errorf("%s: not all weights are constants", name)
		}
	}
}

func TestStableHLOErrors(t *testing.T) {
	m := lenet(t, 1)
	file := filepath.Join(t.TempDir(), "net.stablehlo")
	for want, err := range map[string]error{
		"on XLA only":         ExportStableHLO(m, file, 1, nil),
		"a batch of at least": ExportStableHLO(m, file, 0, nil),
		"has a comma":         ExportStableHLO(m, file, 1, []string{"a,b"}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v", want, err)
		}
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a file was written")
	}
}
