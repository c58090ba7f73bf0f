package cifar

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestHostileArchives(t *testing.T) {
	many := make([]entry, maxEntries+1)
	for i := range many {
		many[i].name = fmt.Sprint("f", i)
	}
	for want, entries := range map[string][]entry{
		"":                {{name: "../../data_batch_1.bin", data: []byte("x")}, {name: "/etc/passwd", data: []byte("x")}, {name: "../test_batch.bin", link: "/etc/passwd"}},
		"more than":       many,
		"file exists":     {{name: "a/test_batch.bin"}, {name: "b/test_batch.bin"}},
		"at most":         {{name: "data_batch_1.bin", data: make([]byte, maxEntry+1)}},
		"or 536870912 by": {{name: "zeros", data: make([]byte, maxUnpacked)}},
	} {
		path := filepath.Join(put(t, entry{name: "a.tgz", data: archive(t, entries)}), "a.tgz")
		root := t.TempDir()
		dir := filepath.Join(root, "a", "b")
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
		err := extract(t.Context(), path, dir)
		var format *FormatError
		if want == "" {
			names, _ := filepath.Glob(filepath.Join(root, "*", "*", "*"))
			outside, _ := filepath.Glob(filepath.Join(root, "*"))
			if err != nil || len(names) != 1 || len(outside) != 1 {
				t.Errorf("paths: %v, %v, %v", err, names, outside)
			}
		} else if !errors.As(err, &format) || format.File != path || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want a FormatError with %q", err, want)
		}
	}
	for name, raw := range map[string][]byte{"no gzip": []byte("hello"), "cut": archive(t, many[:50])[:60]} {
		path := filepath.Join(put(t, entry{name: "a.tgz", data: raw}), "a.tgz")
		var format *FormatError
		if err := extract(t.Context(), path, t.TempDir()); !errors.As(err, &format) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func FuzzExtract(f *testing.F) {
	f.Add(archive(f, []entry{{name: "x/test_batch.bin", data: []byte("abc")}, {name: testLabels, data: []byte("[1]")}}))
	f.Fuzz(func(t *testing.T, raw []byte) {
		dir := t.TempDir()
		path := filepath.Join(dir, "a.tgz")
		if err := os.WriteFile(path, raw, 0o644); err != nil {
			t.Fatal(err)
		}
		into := filepath.Join(dir, "into")
		os.Mkdir(into, 0o755)
		extract(t.Context(), path, into)
		if names, _ := filepath.Glob(filepath.Join(dir, "*")); len(names) != 2 {
			t.Errorf("files outside: %v", names)
		}
	})
}
