package elsewhere

import (
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	"convlab/internal/skiptest"
)

// TestRenamed: whoever publishes the module gives it another path with one
// command, after which everything compiles and nothing names the old one.
func TestRenamed(t *testing.T) {
	files, err := exec.Command("git", "-C", "../..", "ls-files", "-z").Output()
	if err != nil {
		skiptest.Missing(t, "git, or a checkout of it,")
	}
	if _, err := exec.LookPath("python3"); err != nil {
		skiptest.Missing(t, "Python")
	}
	dir := t.TempDir()
	for _, name := range strings.Split(strings.TrimSuffix(string(files), "\x00"), "\x00") {
		content, err := os.ReadFile(filepath.Join("../..", name))
		if err != nil {
			continue // removed, and not committed yet
		}
		to := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(to), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(to, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	run := func(name string, args ...string) {
		t.Helper()
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
		}
	}
	run("git", "init", "--quiet")
	run("git", "add", "--all")
	run("python3", filepath.Join("tools", "rename.py"), "github.com/somebody/nets")
	checkAll(t, dir, runtime.GOOS, runtime.GOARCH)

	old := regexp.MustCompile(`"convlab/(cnnlib|convviz|cifar|augment|shapes|recipes|internal|notebooks)|^module convlab$`)
	filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasPrefix(path, filepath.Join(dir, "docs", "reliability")) {
			return err
		}
		switch filepath.Ext(path) {
		case ".go", ".md", ".ipynb", ".py", ".txt", ".mod":
			text, err := os.ReadFile(path)
			if found := old.Find(text); err != nil || found != nil && filepath.Base(path) != "rename_test.go" && filepath.Base(path) != "CHANGELOG.md" {
				t.Errorf("%s still says %q (%v)", path, found, err)
			}
		}
		return nil
	})
}
