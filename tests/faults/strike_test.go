//go:build linux

package faults

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// longest is the longest that a command of these tests may take.
const longest = 5 * time.Minute

// A job is a command that writes files in a folder: what faults are done to.
type job struct {
	what    string // for the row
	prepare func(dir string) error
	command func(dir string) []string
	env     []string // besides environment
	// kept tells after a fault whether each good file is there, old or new, and
	// nothing else under such a name.
	kept func(dir string) error
	// done tells after the next run whether all is as if nothing had happened.
	done func(dir string) error
}

// prepared is a new folder in which the job can start.
func (j job) prepared(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	if err := j.prepare(dir); err != nil {
		t.Fatal(err)
	}
	return dir
}

func (j job) environ(dir string) []string {
	return append(environment(filepath.Join(dir, "runs")), j.env...)
}

// run runs the job's command to its end, behind other words if there are any.
func (j job) run(t testing.TB, dir string, before ...string) result {
	t.Helper()
	words := append(before, j.command(dir)...)
	return run(t, longest, root(), j.environ(dir), words[0], words[1:]...)
}

// after looks at the folder after a fault, runs the command once more and
// looks again. It counts what is wrong and tells whether nothing is.
func (j job) after(c *tally, dir, fault string, r result) bool {
	c.t.Helper()
	switch {
	case r.hung:
		c.hung("%s: %s: it hangs\n%s", j.what, fault, r.out)
		return false
	case r.panicked():
		c.panicked("%s: %s:\n%s", j.what, fault, r.out)
		return false
	}
	if err := j.kept(dir); err != nil {
		c.lost("%s: %s: %v\n%s", j.what, fault, err, r.out)
		return false
	}
	next := j.run(c.t, dir)
	switch {
	case next.hung:
		c.hung("%s: %s: the next run hangs\n%s", j.what, fault, next.out)
		return false
	case next.panicked():
		c.panicked("%s: %s: the next run:\n%s", j.what, fault, next.out)
		return false
	case next.code != 0:
		c.lost("%s: %s: the next run gives exit code %d\n%s", j.what, fault, next.code, next.out)
		return false
	}
	if err := errors.Join(j.done(dir), nothingLeft(dir)); err != nil {
		c.lost("%s: %s: after the next run: %v\n%s", j.what, fault, err, next.out)
		return false
	}
	return true
}

// nothingLeft is an error if a temporary file is left below dir.
func nothingLeft(dir string) error {
	return filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && (strings.HasPrefix(e.Name(), ".convlab-") || strings.HasPrefix(e.Name(), ".fetch-")) {
			err = fmt.Errorf("%s is left", path)
		}
		return err
	})
}

// strike is what the command trace reports.
type strike struct {
	Calls  int
	Struck string
}

// traced runs the job under the command trace, which counts the calls that
// change files below dir and strikes as told.
func (j job) traced(t testing.TB, dir string, how ...string) (result, strike) {
	t.Helper()
	report := filepath.Join(t.TempDir(), "report")
	real, err := filepath.EvalSymlinks(dir)
	if err != nil {
		t.Fatal(err)
	}
	r := j.run(t, dir, append(append([]string{tracer(t), "-below", real, "-report", report}, how...), "--")...)
	if r.code == 125 {
		t.Skipf("this system forbids to trace programs: %s", r.out)
	}
	var s strike
	text, err := os.ReadFile(report)
	if err == nil {
		err = json.Unmarshal(text, &s)
	}
	if err != nil && !r.hung {
		t.Fatalf("%v\n%s", err, r.out)
	}
	return r, s
}

// calls is how many calls an undisturbed run makes that change files.
func (j job) calls(t testing.TB) int {
	t.Helper()
	dir := j.prepared(t)
	r, s := j.traced(t, dir)
	if r.code != 0 || s.Calls == 0 {
		t.Fatalf("%s makes %d calls, exit code %d:\n%s", j.what, s.Calls, r.code, r.out)
	}
	return s.Calls
}

// some gives the numbers from 1 to n, or as many of them as asked for.
func some(n, most int) []int {
	if most == 1 {
		return []int{(n + 1) / 2}
	}
	var all []int
	for i := range min(n, most) {
		all = append(all, 1+i*max(n-1, 1)/max(min(n, most)-1, 1))
	}
	return all
}

// tracer is the command of folder trace, built once.
func tracer(t testing.TB) string {
	t.Helper()
	buildTracer.Do(func() {
		build := exec.Command("go", "build", "-o", filepath.Dir(program(t, "convlab"))+"/", "./tests/faults/trace")
		build.Dir = root()
		if out, err := build.CombinedOutput(); err != nil {
			tracerFailed = fmt.Errorf("%v: %s", err, out)
		}
	})
	if tracerFailed != nil {
		t.Skipf("no tracer for this system: %v", tracerFailed)
	}
	return program(t, "trace")
}

var (
	buildTracer  sync.Once
	tracerFailed error
)

// number is a short name for strconv.Itoa.
func number(n int) string { return strconv.Itoa(n) }
