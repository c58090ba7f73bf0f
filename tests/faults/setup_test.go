//go:build linux

package faults

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// copied copies what set-up reads of a checkout to a folder with this name.
func copied(t *testing.T, checkout, name string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	for _, part := range []string{"Makefile", "tools", "go.mod", "go.sum", "requirements.txt", "requirements-xla.txt"} {
		from, to := filepath.Join(checkout, part), filepath.Join(dir, part)
		if info, err := os.Stat(from); os.IsNotExist(err) && strings.HasPrefix(part, "requirements") {
			continue // commits from before had what is in tools/python
		} else if err != nil {
			t.Fatal(err)
		} else if info.IsDir() {
			if err := os.CopyFS(to, os.DirFS(from)); err != nil {
				t.Fatal(err)
			}
			continue
		}
		place(t, to, string(content(t, from)))
	}
	return dir
}

// says is what a program prints in dir with these variables besides the test's
// own.
func says(t *testing.T, dir string, env []string, name string, args ...string) (string, error) {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	return string(out), err
}

// TestCleanTouchesNothingElse: a path with a space is one path.
func TestCleanTouchesNothingElse(t *testing.T) {
	for _, name := range []string{"docs backup/convlab", "a$HOME/x", "it's/\"here\"", "课程/ conv lab"} {
		dir := copied(t, root(), name)
		first, _, _ := strings.Cut(dir, " ")
		thesis := filepath.Join(first, "thesis.txt")
		if first == dir {
			thesis = filepath.Join(filepath.Dir(dir), "thesis.txt")
		}
		place(t, thesis, "years of work")
		place(t, filepath.Join(dir, ".lab", "runs", "x"), "")
		if out, err := says(t, dir, nil, "make", "clean"); err != nil {
			t.Errorf("%s: %v\n%s", name, err, out)
		}
		if _, err := os.Stat(thesis); err != nil {
			t.Errorf("%s: make clean removed a file outside: %v", name, err)
		}
		if _, err := os.Stat(filepath.Join(dir, ".lab")); !os.IsNotExist(err) {
			t.Errorf("%s: make clean left .lab: %v", name, err)
		}
	}
}

// TestEnvironmentOfRecipes: variables that break Go and pip do not reach them.
func TestEnvironmentOfRecipes(t *testing.T) {
	dir := copied(t, root(), "convlab")
	place(t, filepath.Join(dir, "show.mk"), "include Makefile\nshow:\n\t@env\n")
	out, err := says(t, dir, []string{"GOWORK=/nowhere/go.work", "GO111MODULE=off", "GOFLAGS=-mod=vendor", "CGO_ENABLED=0", "GOOS=plan9", "GOBIN=/nowhere",
		"PYTHONPATH=/nowhere", "PYTHONHOME=/nowhere", "PIP_USER=1", "PIP_TARGET=/nowhere", "TMPDIR=/nowhere", "HOME="}, "make", "-s", "-f", "show.mk", "show")
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	lines := strings.Split(out, "\n")
	has := func(name string) (value string, found bool) {
		for _, line := range lines {
			if v, ok := strings.CutPrefix(line, name+"="); ok {
				return v, true
			}
		}
		return "", false
	}
	for name, want := range map[string]string{"GOWORK": "off", "GO111MODULE": "on", "GOFLAGS": "-buildvcs=false", "CGO_ENABLED": "1", "PIP_USER": "0",
		"TMPDIR": filepath.Join(dir, ".lab", "tmp"), "HOME": filepath.Join(dir, ".lab", "home"), "CONVLAB_LAB": filepath.Join(dir, ".lab")} {
		if got, _ := has(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{"GOOS", "GOBIN", "PYTHONPATH", "PYTHONHOME", "PIP_TARGET"} {
		if got, found := has(name); found {
			t.Errorf("%s=%s came through", name, got)
		}
	}
}

// TestCheckNamesWhatIsMissing: before the steps that take minutes.
func TestCheckNamesWhatIsMissing(t *testing.T) {
	dir := copied(t, root(), "conv,lab")
	out, err := says(t, dir, []string{"CC=no-such-compiler"}, "bash", "tools/check.sh", "no-such-python")
	if err == nil {
		t.Fatalf("nothing was missed:\n%s", out)
	}
	for _, want := range []string{"C compiler no-such-compiler is missing", "Python 3.10 or newer is missing", "commas"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
}

// TestMovedCheckout: what holds absolute paths is made anew, and nothing else
// is lost.
func TestMovedCheckout(t *testing.T) {
	dir := copied(t, root(), "moved here")
	done := filepath.Join(dir, ".lab", "done")
	for _, step := range []string{"checked", "venv", "kernel", "data", "tools"} {
		place(t, filepath.Join(done, step), "")
	}
	left := func() string {
		entries, err := os.ReadDir(done)
		if err != nil {
			t.Fatal(err)
		}
		var names []string
		for _, e := range entries {
			names = append(names, e.Name())
		}
		return strings.Join(names, " ")
	}
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	place(t, filepath.Join(done, "at"), real+"\n")
	if out, err := says(t, dir, nil, "bash", "tools/moved.sh"); err != nil || left() != "at checked data kernel tools venv" {
		t.Errorf("where it was, %v %s: %s", err, out, left())
	}
	place(t, filepath.Join(done, "at"), "/somewhere/else\n")
	if out, err := says(t, dir, nil, "bash", "tools/moved.sh"); err != nil || left() != "data tools" {
		t.Errorf("moved, %v %s: %s", err, out, left())
	}
}
