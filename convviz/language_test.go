package convviz

import (
	"os"
	"path/filepath"
	"testing"
)

// TestLanguage: the variable decides, else the folder, else it is English.
func TestLanguage(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "zh")
	if err := os.Mkdir(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ variable, dir, want string }{
		{"en", folder, "en"}, {"zh", t.TempDir(), "zh"}, {"", folder, "zh"}, {"", t.TempDir(), "en"}, {"fr", t.TempDir(), "en"},
	} {
		t.Chdir(c.dir)
		t.Setenv("CONVLAB_LANG", c.variable)
		if got := Language(); got != c.want {
			t.Errorf("CONVLAB_LANG %q in %s: %s, want %s", c.variable, filepath.Base(c.dir), got, c.want)
		}
		if got := Label("cat") + Say(" x", " y"); got != map[string]string{"en": "cat x", "zh": "猫 y"}[c.want] {
			t.Errorf("in %s: %q", c.want, got)
		}
	}
	t.Setenv("CONVLAB_LANG", "zh")
	if got := Label("nothing of ours"); got != "nothing of ours" {
		t.Errorf("a label without a translation became %q", got)
	}
}
