//go:build linux

package faults

import (
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"convlab/internal/atomicfile"
	"convlab/internal/labdir"
)

var checkoutFlag = flag.String("checkout", "", "try the reported faults on another checkout, of a commit from before they were mended: there each must show; what it said is kept for the page")

// A checkout is the one whose commands and set-up the reported faults are
// tried on.
type checkout struct {
	root string // its folder
	bin  string // where its commands, and the program of testdata/reports, were built
}

// A report is a fault that was found in convlab. try does what was done then
// and tells what is wrong, or "" if all is as it should be. A try must not
// fail the test for what is wrong with the checkout.
type report struct {
	what, how string
	refused   bool // an error is the right answer
	try       func(t *testing.T, c checkout) (wrong string)
}

// reports are the faults by the numbers under which they were filed.
func reports() map[string]report {
	all := map[string]report{}
	for _, some := range []map[string]report{reportedFiles(), reportedSetUp(), reportedPrograms()} {
		for number, r := range some {
			all[number] = r
		}
	}
	return all
}

// before.json is what each fault said on a commit from before it was mended.
type before struct {
	Commit string
	Said   map[string]string
}

// TestReports tries every fault that was found and mended, as it was found.
// Aimed at a checkout of a commit from before, it passes if every fault shows:
//
//	git worktree add ../before 1b902ae
//	go test -run Reports ./tests/faults -checkout ../before
func TestReports(t *testing.T) {
	c := checkoutToTry(t)
	was := before{Said: map[string]string{}}
	file := filepath.Join(root(), "docs", "reliability", "before.json")
	old := c.root != root()
	if old {
		was.Commit = output(t, c.root, nil, "git", "describe", "--always", "--dirty")
		t.Cleanup(func() {
			text, err := json.MarshalIndent(was, "", " ")
			if err == nil && len(was.Said) == len(reports()) {
				err = atomicfile.WriteFile(file, append(text, '\n'))
			}
			if err != nil {
				t.Error(err)
			}
		})
	} else if text, err := os.ReadFile(file); err != nil {
		t.Fatal(err)
	} else if err := json.Unmarshal(text, &was); err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	for number, r := range reports() {
		t.Run(number, func(t *testing.T) {
			t.Parallel()
			if old {
				wrong := strings.NewReplacer(root()+"/", "", c.root+"/", "", "<nil>", "no error").Replace(r.try(t, c))
				if wrong == "" {
					t.Errorf("%s, %s: does not show on %s", r.what, r.how, was.Commit)
					wrong = "nothing"
				}
				t.Logf("on %s: %s", was.Commit, wrong)
				mu.Lock()
				defer mu.Unlock()
				was.Said[number] = wrong
				return
			}
			tally := count(t, "Reports", r.what, r.how)
			switch wrong := r.try(t, c); {
			case wrong != "":
				tally.lost("%s, %s: %s", r.what, r.how, wrong)
			case r.refused:
				tally.refused()
			default:
				tally.well()
			}
			if was.Said[number] == "" {
				t.Errorf("%s does not say how it fails on a commit from before: run with -checkout", file)
			}
			tally.note("Fails on %s: %s", was.Commit, was.Said[number])
		})
	}
}

// checkoutToTry builds the commands of the checkout, and the program of
// testdata/reports as somebody else would who imports it.
func checkoutToTry(t *testing.T) checkout {
	t.Helper()
	c := checkout{root: root(), bin: t.TempDir()}
	if *checkoutFlag != "" {
		var err error
		if c.root, err = filepath.Abs(*checkoutFlag); err != nil {
			t.Fatal(err)
		}
	}
	output(t, c.root, nil, "go", "build", "-o", c.bin+"/", "./cmd/...")
	module := t.TempDir()
	mod := strings.Replace(string(content(t, filepath.Join(c.root, "go.mod"))), "module convlab\n", "module example.com/user\n", 1)
	place(t, filepath.Join(module, "go.mod"), mod+"\nrequire convlab v0.0.0\n\nreplace convlab => "+quoted(c.root)+"\n")
	place(t, filepath.Join(module, "go.sum"), string(content(t, filepath.Join(c.root, "go.sum"))))
	place(t, filepath.Join(module, "main.go"), string(content(t, "testdata/reports/program.go.txt")))
	output(t, module, []string{"GOFLAGS=-mod=mod", "GOWORK=off", "GOPROXY=off"}, "go", "build", "-o", filepath.Join(c.bin, "user"), ".")
	return c
}

// patience is how long any of the commands may take before it counts as hung.
const patience = time.Minute

// convlab runs the checkout's command.
func (c checkout) convlab(t *testing.T, dir string, args ...string) result {
	t.Helper()
	env := append(os.Environ(), labdir.Variable+"="+labdir.Dir(), "CONVLAB_RUNS="+dir, "CONVLAB_FAST=1", "GOMLX_NO_AUTO_INSTALL=1")
	return run(t, patience, dir, env, filepath.Join(c.bin, "convlab"), args...)
}

// user runs the program of testdata/reports.
func (c checkout) user(t *testing.T, dir string, args ...string) result {
	t.Helper()
	return run(t, patience, dir, os.Environ(), filepath.Join(c.bin, "user"), args...)
}

// trained is a run folder of network 3.1 with random weights.
func (c checkout) trained(t *testing.T, dir string) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "lenet.safetensors")
	if r := c.user(t, filepath.Dir(dir), "lenet", file); r.code != 0 {
		t.Fatal(r.out)
	}
	if r := c.convlab(t, filepath.Dir(dir), "import", "3.1", file, "--dir", dir); r.code != 0 {
		t.Fatal(r.out)
	}
}

// last is the last line that a command printed, which tells why it ended.
func (r result) last() string {
	lines := strings.Split(strings.TrimSpace(r.out), "\n")
	line := strings.TrimSpace(lines[len(lines)-1])
	if runes := []rune(line); len(runes) > 160 {
		line = string(runes[:160]) + "…"
	}
	return line
}

// reported is the path of a file of testdata/reports.
func reported(t *testing.T, name string) string {
	t.Helper()
	file, err := filepath.Abs(filepath.Join("testdata", "reports", name))
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// output is what a program prints that must succeed.
func output(t *testing.T, dir string, env []string, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}

func content(t *testing.T, file string) []byte {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// place writes a file and the folders above it.
func place(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// quoted is a path as a go.mod file needs it.
func quoted(path string) string {
	if strings.ContainsAny(path, " \"'`") {
		return `"` + path + `"`
	}
	return path
}
