package labdir

import (
	"os"
	"path/filepath"
	"testing"
)

func TestDirIsFoundUpwards(t *testing.T) {
	t.Setenv(Variable, "")
	root, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	deep := filepath.Join(root, "notebooks", "en")
	if err := os.MkdirAll(deep, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(deep)
	if got, want := Dir(), filepath.Join(deep, ".lab"); got != want {
		t.Errorf("without one: %s, want %s", got, want)
	}
	if err := os.Mkdir(filepath.Join(root, ".lab"), 0o755); err != nil {
		t.Fatal(err)
	}
	if got, want := Plugins(), filepath.Join(root, ".lab", "plugins"); got != want {
		t.Errorf("upwards: %s, want %s", got, want)
	}
	t.Setenv(Variable, "/elsewhere")
	if got := Data(); got != "/elsewhere/data" {
		t.Errorf("by %s: %s", Variable, got)
	}
}
