package cifar

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestImportMirrorErrors(t *testing.T) {
	from := t.TempDir()
	for name, content := range map[string]string{"no JSON": "x", "bad label": "[10]", "too few": "[1,2]"} {
		for _, file := range []string{"train_lables.json", "test_lables.json"} {
			if err := os.WriteFile(filepath.Join(from, file), []byte(content), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := ImportMirror(from, t.TempDir()); err == nil || !strings.Contains(err.Error(), from) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The real data set, where CONVLAB_MIRROR names the unpacked npm package.
func TestImportMirror(t *testing.T) {
	from := os.Getenv("CONVLAB_MIRROR")
	if from == "" {
		t.Skip("CONVLAB_MIRROR does not name the unpacked mirror package")
	}
	dir := t.TempDir()
	if err := ImportMirror(from, dir); err != nil {
		t.Fatal(err)
	}
	data, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if data.Train.Len() != 50000 || data.Test.Len() != 10000 {
		t.Errorf("%d and %d images", data.Train.Len(), data.Test.Len())
	}
}
