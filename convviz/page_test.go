package convviz

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convlab/cnnlib"
)

// TestPagesAreFiles: a page is the same file whenever it is made, its picture
// is what stands where no page can, and a cell without scripts sees the
// picture.
func TestPagesAreFiles(t *testing.T) {
	dir := t.TempDir()
	var files [2][]byte
	for i := range files {
		p, err := Live(Case{Layer: cnnlib.Conv{Out: 1, Kernel: 2}, Shape: []int{3, 3, 1}})
		name := filepath.Join(dir, "page.html")
		if err := WritePage(name, p, err); err != nil {
			t.Fatal(err)
		}
		if files[i], err = os.ReadFile(name); err != nil {
			t.Fatal(err)
		}
		if err := WritePage(filepath.Join(dir, "page.png"), p); err != nil {
			t.Error(err)
		}
		guarded, err := p.guarded()
		if err != nil || !strings.Contains(guarded, "<img src=\"data:image/jpeg;base64,") {
			t.Errorf("a cell has no picture: %v", err)
		}
	}
	if !bytes.Equal(files[0], files[1]) || !bytes.HasPrefix(files[0], []byte("<!doctype html>")) {
		t.Error("the same page twice makes two files")
	}
	if err := WritePage(filepath.Join(dir, "page.html"), nil); err == nil {
		t.Error("a page of nothing was written")
	}
}
