package weights

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convlab/cnnlib"
	"convlab/cnnlib/nets"
	"convlab/internal/labtest"
	"convlab/internal/stablehlo"
)

// TestStableHLORunsAnywhere: what is written for every layer and for a network of
// package nets is what convserve lets run. With CONVLAB_STABLEHLO_OUT it is every
// network of package nets, which takes a minute or two.
func TestStableHLORunsAnywhere(t *testing.T) {
	b := labtest.XLA(t)
	cases := allONNXCases()
	for _, name := range nets.Names() {
		n, err := nets.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		if name == "resnet20" || os.Getenv("CONVLAB_STABLEHLO_OUT") != "" {
			cases[name] = onnxCase{n.Net, n.Input}
		}
	}
	for name, c := range cases {
		m, err := cnnlib.New(b, c.net, c.in, cnnlib.Options{Seed: 1})
		if err != nil {
			t.Fatal(err)
		}
		text, _, err := stableHLO(m, 1)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := stablehlo.Check([]byte(text), stablehlo.Limits{Memory: 3 << 30}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		m.Close()
	}
}

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
		if err := ExportStableHLO(t.Context(), m, file, 2, []string{"cat", "dog"}); err != nil {
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
		"on XLA only":         ExportStableHLO(t.Context(), m, file, 1, nil),
		"a batch of at least": ExportStableHLO(t.Context(), m, file, 0, nil),
		"has a comma":         ExportStableHLO(t.Context(), m, file, 1, []string{"a,b"}),
	} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: error %v", want, err)
		}
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("a file was written")
	}
}
