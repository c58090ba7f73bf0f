package tests

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestRedraw: a notebook that is redrawn has the outputs of today but in cells
// that vary, which keep theirs.
func TestRedraw(t *testing.T) {
	py, checkout := python(t), t.TempDir()
	dir := filepath.Join(checkout, "notebooks")
	source := "```go\n%%\nfmt.Println(\"today\")\n```\n\n```go tags=[\"varies\"]\n%%\nfmt.Println(\"to\" + \"day\")\n```\n"
	for name, content := range map[string]string{"src/0.9-two.md": source, "build.py": read(t, "../notebooks/build.py"), "../tools/atomicfile.py": read(t, "../tools/atomicfile.py")} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	command(t, 3*time.Minute, nil, py, filepath.Join(dir, "build.py"), "0.9")
	for _, lang := range []string{"en", "zh"} {
		file := filepath.Join(dir, lang, "0.9-two.ipynb")
		old := strings.ReplaceAll(read(t, file), `today\n"`, `yesterday\n"`)
		if strings.Count(old, "yesterday") != 2 {
			t.Fatalf("two cells print a line each:\n%s", old)
		}
		if err := os.WriteFile(file, []byte(old), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	command(t, 3*time.Minute, nil, py, filepath.Join(dir, "build.py"), "--redraw", "0.9")
	for _, lang := range []string{"en", "zh"} {
		now := read(t, filepath.Join(dir, lang, "0.9-two.ipynb"))
		if first, second := strings.Index(now, `today\n"`), strings.Index(now, "yesterday"); first < 0 || second < first || strings.Count(now, "yesterday") != 1 {
			t.Errorf("%s: only the cell that varies should print what it did:\n%s", lang, now)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
