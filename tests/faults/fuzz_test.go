//go:build linux

package faults

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// fuzzTime is how long `make faults` fuzzes each target; one that is shorter
// stands in the row.
const fuzzTime = 5 * time.Minute

var (
	fuzzTarget = regexp.MustCompile(`(?m)^func (Fuzz\w+)\(`)
	fuzzCount  = regexp.MustCompile(`fuzz: elapsed: \S+, execs: (\d+) .*?new interesting: \d+ \(total: (\d+)\)`)
)

// fuzzTargets are the fuzz targets of the checkout, package folder and name.
func fuzzTargets(t *testing.T) [][2]string {
	t.Helper()
	var all [][2]string
	err := filepath.WalkDir(root(), func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && path != root() && strings.HasPrefix(d.Name(), ".") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(path, "_test.go") {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		dir, err := filepath.Rel(root(), filepath.Dir(path))
		if err != nil {
			return err
		}
		for _, m := range fuzzTarget.FindAllSubmatch(text, -1) {
			all = append(all, [2]string{filepath.ToSlash(dir), string(m[1])})
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestFuzz runs every fuzz target of the checkout. An input that takes more
// than 10 s counts as a hang (Go's fuzzing ends it), one that needs more than
// 4 GiB of addresses as a crash. The seeds are run by the packages' own tests,
// so the short form only looks that there are targets.
func TestFuzz(t *testing.T) {
	targets := fuzzTargets(t)
	if len(targets) < 13 {
		t.Errorf("%d fuzz targets were found, there were 13", len(targets))
	}
	if !*full {
		return
	}
	for _, target := range targets {
		t.Run(strings.ReplaceAll(target[0], "/", "-")+"-"+target[1], func(t *testing.T) {
			c := count(t, "Bytes", fmt.Sprintf("%s.%s", target[0], target[1]), "Go's fuzzing, an input at most 10 s and 4 GiB")
			cmd := exec.Command("sh", "-c", `ulimit -v 4194304 && exec go test -run '^$' -fuzz "^$1\$" -fuzztime "$2" -parallel 1 "./$3"`,
				"sh", target[1], fuzzTime.String(), target[0])
			cmd.Dir = root()
			cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
			out, err := cmd.CombinedOutput()
			all := fuzzCount.FindAllSubmatch(out, -1)
			if len(all) == 0 {
				t.Fatalf("no input was tried: %v\n%s", err, out)
			}
			last := all[len(all)-1]
			tries, _ := strconv.Atoi(string(last[1])) // digits
			c.add(func(r *row) { r.Well, r.Tries = tries, tries })
			c.note("%s, %s inputs of new coverage kept.", fuzzTime, last[2])
			var exit *exec.ExitError
			switch {
			case err == nil:
			case !errors.As(err, &exit):
				t.Fatal(err)
			case strings.Contains(string(out), "deadlocked!"):
				c.hung("%s", out)
			default:
				c.panicked("%s", out)
			}
		})
	}
}
