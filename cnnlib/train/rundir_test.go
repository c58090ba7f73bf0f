package train

import (
	"path/filepath"
	"testing"
)

// TestRunDir: CONVLAB_RUNS moves all runs to another folder.
func TestRunDir(t *testing.T) {
	dir := t.TempDir()
	t.Setenv("CONVLAB_RUNS", dir)
	if got := RunDir("3.1"); got != filepath.Join(dir, "3.1") {
		t.Errorf("the run is in %s", got)
	}
}
