//go:build linux

package faults

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestKinds gives each command that reads a file one of another kind: the error
// names what it is.
func TestKinds(t *testing.T) {
	c := count(t, "Bytes", "convserve, convlab predict and convlab import", "a file of another kind")
	from := func(parts ...string) string {
		content, err := os.ReadFile(filepath.Join(append([]string{root()}, parts...)...))
		if err != nil {
			t.Fatal(err)
		}
		return string(content)
	}
	kinds := []struct{ what, content, readBy string }{
		{"a PNG image", "\x89PNG\r\n\x1a\n", "predict"}, {"a checkpoint of convlab", string(checkpoint(t)), ""}, {"an empty file", "", ""},
		{"a StableHLO program", from("internal", "stablehlo", "testdata", "forms.mlir"), "convserve"},
		{"a JSON text", `{"a": 1}`, ""}, {"a web page", "<!DOCTYPE html><p>not found", ""}, {"a gzip archive", "\x1f\x8b\x08\x00", ""}, {"a PDF document", "%PDF-1.7", ""},
		{"a safetensors file", from("cnnlib", "weights", "testdata", "net.safetensors"), "import"}, {"an ONNX network", from("cnnlib", "weights", "testdata", "made", "dense.onnx"), "import"},
		{"a zip archive", from("cnnlib", "weights", "testdata", "net.pth"), "import"}, {"a pickle", from("cnnlib", "weights", "testdata", "cases", "before16.pth"), "import"},
	}
	file, photo := filepath.Join(t.TempDir(), "file"), blank(t)
	for _, k := range kinds[:times(4, len(kinds))] {
		if err := os.WriteFile(file, []byte(k.content), 0o644); err != nil {
			t.Fatal(err)
		}
		for name, args := range map[string][]string{
			"convserve": {"convserve", file, photo}, "predict": {"convlab", "predict", "--net", "3.1", file}, "import": {"convlab", "import", "3.1", file},
		} {
			if name == k.readBy {
				continue
			}
			r := run(t, 2*time.Minute, t.TempDir(), environment(t.TempDir()), program(t, args[0]), args[1:]...)
			refusedOnly(c, r, name+" of "+k.what)
			if what := strings.Replace(k.what, "an empty file", "empty", 1); !strings.Contains(r.out, what) {
				t.Errorf("%s of %s: %s", name, k.what, r.out)
			}
		}
	}
}
