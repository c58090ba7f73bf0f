//go:build linux

package faults

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A usage is what processes hold at one moment.
type usage struct {
	memory    float64 // resident, MB
	files     float64 // open
	processes float64
	left      float64 // entries in the folders for temporary files, one level of folders deep
}

// use adds up what these processes and the folders hold.
func use(pids []int, folders ...string) usage {
	var u usage
	for _, pid := range pids {
		statm, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", pid))
		if err != nil {
			continue
		}
		if fields := strings.Fields(string(statm)); len(fields) > 1 {
			pages, _ := strconv.ParseFloat(fields[1], 64)
			u.memory += pages * float64(os.Getpagesize()) / 1e6
		}
		fds, _ := os.ReadDir(fmt.Sprintf("/proc/%d/fd", pid))
		u.files += float64(len(fds))
		u.processes++
	}
	for _, folder := range folders {
		for _, deep := range []string{"*", "*/*"} {
			names, _ := filepath.Glob(filepath.Join(folder, deep)) // folders of the test's own
			u.left += float64(len(names))
		}
	}
	return u
}

// growth is by how much a value grows over the second half of the samples, by
// the straight line that fits them best: the first half is for caches to fill.
func growth(samples []usage, of func(usage) float64) float64 {
	second := samples[len(samples)/2:]
	n := float64(len(second))
	var sx, sy, sxx, sxy float64
	for i, s := range second {
		x, y := float64(i), of(s)
		sx, sy, sxx, sxy = sx+x, sy+y, sxx+x*x, sxy+x*y
	}
	return (n*sxy - sx*sy) / (n*sxx - sx*sx) * (n - 1)
}

// judge fails when what is held grows by more than memory MB, files or
// anything else by one over the second half, and notes what it grew by.
func (c *tally) judge(samples []usage, memory float64, unit string) {
	c.t.Helper()
	if len(samples) < 8 {
		c.t.Fatalf("only %d samples", len(samples))
	}
	var bad bool
	last, said := samples[len(samples)-1], []string{}
	for _, g := range []struct {
		what  string
		of    func(usage) float64
		limit float64
	}{
		{"MB", func(u usage) float64 { return u.memory }, memory}, {"open files", func(u usage) float64 { return u.files }, 3},
		{"processes", func(u usage) float64 { return u.processes }, 1}, {"temporary files", func(u usage) float64 { return u.left }, 2},
	} {
		grown := growth(samples, g.of)
		said = append(said, fmt.Sprintf("%+.1f %s (at most %.0f; %.0f at the end)", grown, g.what, g.limit, g.of(last)))
		bad = bad || grown > g.limit
	}
	c.note("Over the second half: %s.", strings.Join(said, ", "))
	if bad {
		c.lost("%s: what is held grows over the second half: %s\nall samples: %v", unit, strings.Join(said, ", "), samples)
	} else {
		c.well()
	}
}

// TestLongTraining: a training holds at its end what it held in its middle.
func TestLongTraining(t *testing.T) {
	l := newKernelLab(t) // for the Python that lends a terminal, on which each step is shown
	dir := t.TempDir()
	// In full after the first epoch of 1,407 steps, whose end compiles the program
	// of the validation.
	from, steps := times(0, 1500), times(200, 2000)
	tally := count(t, "Long", "convlab train 3.1, batch 32", fmt.Sprintf("%d steps from step %d", steps, from))
	p := start(t, dir, append(environment(dir), "TMPDIR="+dir), l.python, "-c", "import pty, sys; pty.spawn(sys.argv[1:])",
		program(t, "convlab"), "train", "3.1", "--batch", "32", "--epochs", "3", "--dir", filepath.Join(dir, "run"))
	shown := regexp.MustCompile(`epoch (\d+) of \d+ +step (\d+) of (\d+)`)
	var samples []usage
	for begin := time.Now(); len(samples) < 40; time.Sleep(5 * time.Millisecond) {
		if time.Since(begin) > 20*time.Minute {
			t.Fatalf("after %d of 40 samples it goes on no more:\n%s", len(samples), p.wait(0).out)
		}
		all := shown.FindAllStringSubmatch(p.out.String(), -1)
		if len(all) == 0 {
			continue
		}
		last := all[len(all)-1]
		epoch, _ := strconv.Atoi(last[1])
		step, _ := strconv.Atoi(last[2])
		each, _ := strconv.Atoi(last[3])
		if (epoch-1)*each+step >= from+(len(samples)+1)*steps/40 {
			samples = append(samples, use(descendants(p.cmd.Process.Pid), dir))
		}
	}
	p.sendAll(syscall.SIGTERM)
	p.wait(2 * time.Minute)
	tally.judge(samples, 60, "training")
}

// TestLongKernel: many cells in one kernel.
func TestLongKernel(t *testing.T) {
	l := newKernelLab(t)
	t.Cleanup(l.killAll)
	c := newClient(t, l)
	cells := times(15, 500)
	tally := count(t, "Long", "a kernel", fmt.Sprintf("%d cells, every tenth with a failure", cells))
	c.do("start")
	c.do("run", first)
	c.do("run", `%%`+"\n"+`fmt.Println(time.Now().Year() > 0, os.Args != nil, signal.Notify != nil)`)
	var samples []usage
	for i := range cells {
		code, want := fmt.Sprintf("func f%d() int { return %d }\n%%%%\nfmt.Println(f%d())", i%20, i, i%20), "ok"
		if i%10 == 9 {
			code, want = "%%\npanic(\"meant\")", "error"
		}
		if a := c.do("run", code); a.Status != want {
			tally.lost("cell %d: %+v", i, a)
		}
		samples = append(samples, use(l.pids(), l.tmp))
	}
	c.do("stop")
	tally.judge(samples, 80, "cells")
	if left := l.left(20 * time.Second); len(left) > 0 {
		tally.lost("after the end there is left\n%s", strings.Join(left, "\n"))
	}
}

// TestLongRestarts: many restarts of a kernel, by its client.
func TestLongRestarts(t *testing.T) {
	l := newKernelLab(t)
	t.Cleanup(l.killAll)
	c := newClient(t, l)
	restarts := times(3, 50)
	tally := count(t, "Long", "a kernel", fmt.Sprintf("%d restarts, a cell after each", restarts))
	c.do("start")
	var samples []usage
	for range restarts {
		c.do("restart")
		c.do("run", first)
		if a := c.do("run", "%%\nfmt.Println(6*7)"); strings.TrimSpace(a.Out) != "42" {
			tally.lost("after a restart: %+v", a)
		}
		samples = append(samples, use(append(l.pids(), c.cmd.Process.Pid), l.tmp, filepath.Join(l.dir, "runtime")))
	}
	if *full {
		tally.judge(samples, 40, "restarts")
	} else if s, e := samples[0], samples[len(samples)-1]; e.processes > s.processes || e.left > s.left+2 {
		tally.lost("after three restarts %v, after one %v", e, s)
	} else {
		tally.well()
	}
	c.do("stop")
	if left := l.left(20 * time.Second); len(left) > 0 {
		tally.lost("after the end there is left\n%s", strings.Join(left, "\n"))
	}
}

// TestLongServer: many kernels started and shut down by Jupyter's server.
func TestLongServer(t *testing.T) {
	d := openDoor(t)
	starts := times(2, 50)
	tally := count(t, "Long", "JupyterLab's server", fmt.Sprintf("%d kernels started and shut down", starts))
	var samples []usage
	for range starts {
		status, _, body := d.ask(t, "POST", "/api/kernels", `{"name": "gonb"}`, d.key())
		var kernel struct{ ID string }
		if err := json.Unmarshal([]byte(body), &kernel); err != nil || status != http.StatusCreated {
			tally.lost("%d %s", status, body)
			continue
		}
		for begin := time.Now(); len(listening(t, d.lab.pids())) < 5; time.Sleep(20 * time.Millisecond) {
			if time.Since(begin) > time.Minute {
				tally.hung("the kernel does not listen")
				break
			}
		}
		if status, _, body := d.ask(t, "DELETE", "/api/kernels/"+kernel.ID, "", d.key()); status != http.StatusNoContent {
			tally.lost("%d %s", status, body)
		}
		if left := d.lab.left(20 * time.Second); len(left) > 0 {
			tally.lost("after a kernel's end there is left\n%s", strings.Join(left, "\n"))
		}
		samples = append(samples, use([]int{d.cmd.Process.Pid}, d.lab.tmp, d.runtime))
	}
	if *full {
		tally.judge(samples, 40, "starts")
	} else {
		tally.well()
	}
}
