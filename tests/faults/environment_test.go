//go:build linux

package faults

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"convlab/internal/labdir"
)

// TestSpoiltEnvironment: where a variable keeps cells from running,
// `convlab doctor --full` names it; where it does not, the cell runs.
func TestSpoiltEnvironment(t *testing.T) {
	l := newKernelLab(t)
	t.Cleanup(l.killAll)
	for _, part := range []string{"lib", "pyvenv.cfg", "bin"} { // so that the interpreter takes this venv for its own
		if err := os.Symlink(filepath.Join(labdir.Dir(), "venv", part), filepath.Join(l.dir, "venv", part)); err != nil {
			t.Fatal(err)
		}
	}
	file := filepath.Join(t.TempDir(), "file")
	other := filepath.Join(t.TempDir(), "jupyter") // with a kernel of the same name
	modules := filepath.Join(t.TempDir(), "json.py")
	goenv := filepath.Join(t.TempDir(), "goenv")
	err := errors.Join(os.WriteFile(file, nil, 0o644), os.WriteFile(modules, []byte("raise ImportError('not this one')\n"), 0o644), os.WriteFile(goenv, []byte("CC=/nowhere/cc\n"), 0o644),
		os.MkdirAll(filepath.Join(other, "kernels", "gonb"), 0o755), os.WriteFile(filepath.Join(other, "kernels", "gonb", "kernel.json"), []byte(`{"argv": ["/bin/false"], "display_name": "Go", "language": "go"}`), 0o644))
	if err != nil {
		t.Fatal(err)
	}
	tally := count(t, "Environment", "convlab doctor --full", "a variable spoilt: the cell runs, or the variable at fault is named with a way out")
	for _, c := range []struct {
		spoilt string
		fault  bool
	}{
		{"TMPDIR=/nowhere", true}, {"GOFLAGS=-mod=vendor", false},
		{"CC=/nowhere/cc", true}, {"CGO_CFLAGS=-no-such-flag", true}, {"GOENV=" + goenv, true}, {"GOCACHE=" + file, true}, {"GOROOT=/nowhere", true}, {"GOMODCACHE=" + file, true},
		{"GOTMPDIR=/nowhere", true}, {"GOMLX_BACKEND=no-such", true}, {"PYTHONPATH=" + filepath.Dir(modules), true}, {"JUPYTER_PATH=" + other, true}, {"HOME=" + file, true}, {"TMPDIR=" + file, true},
		{"GOWORK=/nowhere/go.work", false}, {"GO111MODULE=off", false}, {"CGO_ENABLED=0", false}, {"GOOS=plan9", false}, {"GOPROXY=off", false}, {"PIP_USER=1", false}, {"CONDA_PREFIX=/nowhere", false},
		{"PJRT_PLUGIN_LIBRARY_PATH=/nowhere", false}, {"LD_LIBRARY_PATH=/nowhere", false},
	}[:times(1, 23)] {
		name, _, _ := strings.Cut(c.spoilt, "=")
		env := append(append([]string{}, l.env...), labdir.Variable+"="+l.dir, "JUPYTER_PATH=", c.spoilt)
		r := run(t, 10*time.Minute, t.TempDir(), env, program(t, "convlab"), "doctor", "--full", "--data", labdir.Data())
		var line string
		for said := range strings.Lines(r.out) {
			if strings.Contains(said, " a cell ") {
				line = strings.TrimSpace(said)
			}
		}
		named := strings.Contains(line, name+"=") && strings.Contains(line, "is at fault") && (strings.Contains(line, "`unset "+name) || strings.Contains(line, "`export "+name))
		switch {
		case r.hung:
			tally.hung("%s: hung\n%s", c.spoilt, r.out)
		case c.fault && named && r.code != 0:
			tally.refused()
		case !c.fault && strings.HasPrefix(line, "ok"):
			tally.well()
		default:
			tally.lost("%s: exit %d, %s\n%s", c.spoilt, r.code, line, r.out)
		}
	}
}
