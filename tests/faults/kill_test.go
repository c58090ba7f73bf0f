//go:build linux

package faults

import (
	"math/rand/v2"
	"os"
	"syscall"
	"testing"
	"time"
)

// atRandom kills the job at moments that are spread evenly over the time that
// it takes undisturbed.
func (j job) atRandom(t *testing.T, tries int) {
	t.Helper()
	c := count(t, "Kill", j.what, "SIGKILL at random moments")
	dir := j.prepared(t)
	begin := time.Now()
	if r := j.run(t, dir); r.code != 0 {
		t.Fatalf("%s undisturbed: exit code %d\n%s", j.what, r.code, r.out)
	}
	takes := time.Since(begin)
	if err := j.done(dir); err != nil {
		t.Fatalf("%s undisturbed: %v", j.what, err)
	}
	os.RemoveAll(dir)
	random := rand.New(rand.NewPCG(16, uint64(tries)))
	early := 0
	for n, missed := 0, 0; n < tries; {
		dir := j.prepared(t)
		words := j.command(dir)
		p := start(t, root(), j.environ(dir), words[0], words[1:]...)
		after := time.Duration(random.Float64() * float64(takes))
		time.Sleep(after) // the moment is what is tried, not waited for
		p.sendAll(syscall.SIGKILL)
		r := p.wait(longest)
		if r.signal != syscall.SIGKILL { // it had ended
			if missed++; missed > 10*tries+100 {
				t.Fatalf("%s always ends before it is killed", j.what)
			}
			takes -= takes / 10 // the first run was a slow one
			os.RemoveAll(dir)
			continue
		}
		n++
		takes += takes / 50
		if after < takes/2 {
			early++
		}
		if j.after(c, dir, "killed after "+after.String(), r) {
			c.well()
		}
		os.RemoveAll(dir)
		if t.Failed() && c.row.Lost+c.row.Panics+c.row.Hangs > 3 {
			return
		}
	}
	c.note("%d in the first half of the time that it takes, %.1f s", early, takes.Seconds())
}

// atCalls kills the job before each of its calls that change files, or before
// as many of them.
func (j job) atCalls(t *testing.T, most int) {
	t.Helper()
	c := count(t, "Kill", j.what, "SIGKILL before each write, fsync, rename …")
	n := j.calls(t)
	for _, i := range some(n, most) {
		dir := j.prepared(t)
		r, s := j.traced(t, dir, "-kill", number(i))
		fault := "killed before call " + number(i) + ", " + s.Struck
		if s.Struck == "" {
			t.Fatalf("%s: %s: there is no such call, %d were made\n%s", j.what, fault, s.Calls, r.out)
		}
		if j.after(c, dir, fault, r) {
			c.well()
		}
		os.RemoveAll(dir)
	}
	c.note("%d such calls", n)
}

const all = 1 << 30 // calls: every one

// kill is atRandom and atCalls, as tests of their own.
func (j job) kill(t *testing.T, random, calls int) {
	t.Run("random", func(t *testing.T) { j.atRandom(t, random) })
	t.Run("calls", func(t *testing.T) { j.atCalls(t, calls) })
}

func TestKillTraining(t *testing.T) {
	training(t).kill(t, times(3, 200), times(3, all))
}

func TestKillData(t *testing.T) {
	fetching(t).kill(t, times(1, 50), times(1, all))
}

func TestKillExport(t *testing.T) {
	for _, format := range []string{"pth", "safetensors", "onnx", "stablehlo"} {
		t.Run(format, func(t *testing.T) {
			j, few := exporting(t, format), 3
			if format == "stablehlo" { // XLA starts in a second
				few = 1
			}
			j.kill(t, times(min(few, 2), 50), times(few, all))
		})
	}
}

func TestKillDraw(t *testing.T) {
	for _, format := range []string{"svg", "png", "gif", "html"} {
		t.Run(format, func(t *testing.T) {
			drawing(t, format).kill(t, times(1, 50), times(2, all))
		})
	}
}

func TestKillImport(t *testing.T) {
	importing(t).kill(t, times(2, 50), times(3, all))
}

func TestKillReport(t *testing.T) {
	j := reporting(t)
	t.Run("calls", func(t *testing.T) { j.atCalls(t, times(1, all)) })
	if *full {
		t.Run("random", func(t *testing.T) { j.atRandom(t, 20) })
	}
}
