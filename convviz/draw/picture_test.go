package draw

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestPicturesAreWritten: by the ending of the name, or both; an alt text has
// an end.
func TestPicturesAreWritten(t *testing.T) {
	p, err := New(40, 30).Picture(strings.Repeat("long ", 2000))
	if err != nil {
		t.Fatal(err)
	}
	if n := len([]rune(p.Alt)); n != maxAlt+1 || !strings.HasSuffix(p.Alt, "…") {
		t.Errorf("an alt text of %d characters", n)
	}
	dir := filepath.Join(t.TempDir(), "new", "folder")
	for _, name := range []string{"a", "b.png", "c.SVG"} {
		if err := p.Write(filepath.Join(dir, name)); err != nil {
			t.Error(err)
		}
	}
	var names []string
	all, err := os.ReadDir(dir)
	for _, e := range all {
		names = append(names, e.Name())
	}
	if got := strings.Join(names, " "); err != nil || got != "a.png a.svg b.png c.SVG" {
		t.Errorf("written: %s, %v", got, err)
	}
	if err := p.Write(filepath.Join(dir, "d.jpg")); err == nil || !strings.Contains(err.Error(), ".svg or .png") {
		t.Errorf("another ending: error %v", err)
	}
}
