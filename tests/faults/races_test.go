//go:build linux

package faults

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// A crowd is a command of which eight processes run in one folder at once.
type crowd struct {
	words string
	file  string // what all of them write
	busy  string // what those may say that do not get their turn; "": all succeed
	after string // words of a run that succeeds afterwards
	full  bool   // only in full
}

var crowds = []crowd{
	{words: "train 3.1 --data DATA --dir run --valid 49000 --batch 50 --epochs 1", busy: "being trained in already", after: "train 3.1 --data DATA --dir run --valid 49000 --batch 50 --epochs 1"},
	{words: "import 3.1 given.onnx --dir taken", busy: "already", after: "export 3.1 again.onnx --dir taken"},
	{words: "export 3.1 net.onnx", file: "net.onnx"},
	{words: "export 3.1 net.stablehlo", file: "net.stablehlo", full: true},
	{words: "draw kernels 3.1 -o kernels.png", file: "kernels.png", full: true},
	{words: "draw slide --input 7x7 --kernel 3 -o slide.gif", file: "slide.gif", full: true},
	{words: "draw confusion 3.1 --data DATA -o confusion.html", file: "confusion.html", full: true},
	{words: "eval 3.1 --data DATA --report report", file: "report.png", full: true},
	{words: "compare 3.1 given.onnx --draw apart.png", file: "apart.png", full: true},
	{words: "predict photo.png --net 3.1 --picture said.png", file: "said.png", full: true},
	{words: "data --data new --from DATA", file: "new/data_batch_1.bin", after: "data --data new", full: true},
	{words: "sixways --data DATA --net 3.1 --ways augmentation --images 500 --valid 200 --seeds 1 --epochs 1 --dir six",
		after: "sixways --data DATA --net 3.1 --ways augmentation --images 500 --valid 200 --seeds 1 --epochs 1 --dir six", full: true},
}

// TestCrowds starts each command eight times at once in one folder: what they
// write is whole, whoever was last, and who cannot have a run folder says so.
func TestCrowds(t *testing.T) {
	const members = 8
	for _, w := range crowds {
		if w.full && !*full {
			continue
		}
		name := stoppable{args: w.words}
		t.Run(strings.ReplaceAll(name.title(), " ", "-"), func(t *testing.T) {
			c := count(t, "Races", "`"+name.title()+"`", fmt.Sprintf("%d processes at once in one folder", members))
			for range times(1, 3) {
				alone := trainedFolder(t)
				if r := name.start(t, alone, w.words).wait(10 * time.Minute); r.code != 0 {
					t.Fatalf("alone: code %d\n%s", r.code, r.out)
				}
				w.together(t, c, members, alone)
			}
		})
	}
}

// together runs the crowd in a folder of its own; alone is one in which a
// single process did the same.
func (w crowd) together(t *testing.T, c *tally, members int, alone string) {
	dir, name := trainedFolder(t), stoppable{args: w.words}
	var all []*process
	for range members {
		all = append(all, name.start(t, dir, w.words))
	}
	succeeded := 0
	var problems []string
	for _, p := range all {
		r := p.wait(20 * time.Minute)
		switch {
		case r.hung:
			c.hung("%s: %s", name.title(), r.out)
			return
		case r.panicked():
			c.panicked("%s: %s", name.title(), r.out)
			return
		case r.code == 0:
			succeeded++
		case w.busy == "" || !strings.Contains(r.out, w.busy):
			problems = append(problems, fmt.Sprintf("code %d: %s", r.code, r.out))
		}
	}
	if succeeded == 0 {
		problems = append(problems, "none of them succeeded")
	}
	if w.file != "" {
		want, err := os.ReadFile(filepath.Join(alone, w.file))
		if err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(filepath.Join(dir, w.file)); err != nil || !bytes.Equal(got, want) {
			problems = append(problems, fmt.Sprintf("%s has %d bytes, not the %d of a process alone (%v)", w.file, len(got), len(want), err))
		}
	}
	if w.after != "" {
		if r := name.start(t, dir, w.after).wait(10 * time.Minute); r.code != 0 {
			problems = append(problems, fmt.Sprintf("afterwards: code %d: %s", r.code, r.out))
		}
	}
	if problems = append(problems, leftovers(dir)...); len(problems) > 0 {
		c.lost("%s: %s", name.title(), strings.Join(problems, "\n"))
		return
	}
	c.well()
}

// TestRaceDetector runs the tests of every package under Go's race detector, in
// full only: everything is compiled anew for it.
//
// The check of pointers that comes with the detector is off: GoMLX's pure Go
// backend (compute v0.1.0, nosimd_small.go) does not pass it. The loops of that
// backend, of gonum and of what packs pictures are not watched: they would take
// fifty times as long.
func TestRaceDetector(t *testing.T) {
	if !*full {
		return
	}
	names, err := packages()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		t.Run(strings.ReplaceAll(name, "/", "."), func(t *testing.T) {
			c := count(t, "Races", testsOf(name), "Go's race detector")
			c.note("Without the check of pointers, which GoMLX's compute v0.1.0 does not pass; its loops, gonum's and those that pack pictures are not watched.")
			r := run(t, 2*time.Hour, root(), append(os.Environ(), "CONVLAB_TEST_ALL="), "go", "test", "-race", "-gcflags=all=-d=checkptr=0",
				"-gcflags=github.com/gomlx/compute/...=-d=checkptr=0 -race=false", "-gcflags=gonum.org/...=-d=checkptr=0 -race=false",
				"-gcflags=image/...=-d=checkptr=0 -race=false", "-gcflags=compress/...=-d=checkptr=0 -race=false", "-count=1", "-short", "-timeout", "110m", name)
			switch {
			case r.hung:
				c.hung("%s", r.out)
			case strings.Contains(r.out, "WARNING: DATA RACE"):
				c.lost("%s", r.out)
			case r.code != 0:
				c.lost("code %d: %s", r.code, r.out)
			default:
				c.well()
			}
		})
	}
}

// packages are those of the checkout that have tests, without package tests and
// what is below it.
func packages() ([]string, error) {
	out, err := exec.Command("go", "list", "-f", "{{if or .TestGoFiles .XTestGoFiles}}{{.ImportPath}}{{end}}", "convlab/...").Output()
	if err != nil {
		return nil, fmt.Errorf("go list: %w", err)
	}
	return slices.DeleteFunc(strings.Fields(string(out)), func(name string) bool { return strings.HasPrefix(name, "convlab/tests") }), nil
}

// testsOf is what a row of the race detector is about.
func testsOf(name string) string { return "tests of `" + name + "`" }
