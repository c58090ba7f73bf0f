//go:build linux

package faults

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// first is the cell that every notebook begins with.
const first = "%noautoget\nimport (\n\t\"fmt\"\n\t\"os\"\n\t\"os/signal\"\n\t\"time\"\n)\n"

// TestKilledKernels: whatever is killed, nothing of the kernel stays, and the
// next one runs.
func TestKilledKernels(t *testing.T) {
	sleeper := "%%\nfmt.Println(\"begun\")\ntime.Sleep(time.Hour)"
	child := "!sleep 3600 & echo begun; sleep 3601"
	for _, k := range []struct {
		what, how string
		kill      func(t testing.TB, l *kernelLab, pid int)
	}{
		{"GoNB", "SIGKILL", func(t testing.TB, l *kernelLab, _ int) {
			syscall.Kill(l.pid(t, "/bin/gonb --kernel"), syscall.SIGKILL)
		}},
		{"the kernel's process group", "SIGKILL", func(_ testing.TB, _ *kernelLab, pid int) { syscall.Kill(-pid, syscall.SIGKILL) }},
		{"the outer guard", "SIGKILL", func(_ testing.TB, _ *kernelLab, pid int) { syscall.Kill(pid, syscall.SIGKILL) }},
		{"the inner guard", "SIGKILL", func(t testing.TB, l *kernelLab, _ int) {
			syscall.Kill(l.pid(t, "convkernel --inside"), syscall.SIGKILL)
		}},
		{"the kernel", "SIGTERM", func(_ testing.TB, _ *kernelLab, pid int) { syscall.Kill(pid, syscall.SIGTERM) }},
	}[:times(2, 5)] {
		t.Run(k.what, func(t *testing.T) {
			l := newKernelLab(t)
			t.Cleanup(l.killAll)
			c := newClient(t, l)
			tally := count(t, "Kill", k.what, k.how+" while a cell or its shell command runs")
			for i := range times(1, 20) {
				pid := c.do("start").PID
				cell := sleeper
				if i%2 == 1 {
					cell = child
				}
				c.do("run", first)
				c.do("begin", cell)
				k.kill(t, l, pid)
				c.do("dead")
				if left := l.left(20 * time.Second); len(left) > 0 {
					tally.lost("%s of %s left\n%s", k.how, k.what, strings.Join(left, "\n"))
					l.killAll()
					continue
				}
				tally.well()
			}
		})
	}
}

// TestKilledJupyter: a kernel whose Jupyter was killed ends too.
func TestKilledJupyter(t *testing.T) {
	l := newKernelLab(t)
	t.Cleanup(l.killAll)
	tally := count(t, "Kill", "Jupyter", "SIGKILL of the kernel's client while a cell runs")
	for range times(1, 20) {
		c := newClient(t, l)
		c.do("start")
		c.do("run", first)
		c.do("begin", "%%\nfmt.Println(\"begun\")\ntime.Sleep(time.Hour)")
		c.cmd.Process.Kill()
		own, err := filepath.Glob(filepath.Join(l.tmp, "tmp*.json")) // of the client, with the kernel's ports
		if err != nil || len(own) != 1 {
			t.Fatalf("%v, %v", own, err)
		}
		os.Remove(own[0])
		if left := l.left(20 * time.Second); len(left) > 0 {
			tally.lost("left:\n%s", strings.Join(left, "\n"))
			l.killAll()
			continue
		}
		tally.well()
	}
}

// TestSweepOfKernels: when both guards are killed at once, the next kernel
// ends what is left; it leaves another that runs alone.
func TestSweepOfKernels(t *testing.T) {
	l := newKernelLab(t)
	t.Cleanup(l.killAll)
	killed, other := newClient(t, l), newClient(t, l)
	tally := count(t, "Kill", "both guards and GoNB", "SIGKILL of all three at once while a cell runs; the next kernel sweeps")
	other.do("start")
	other.do("run", first)
	live := len(l.left(0))
	for range times(1, 10) {
		outer := killed.do("start").PID
		killed.do("run", first)
		killed.do("begin", "%%\nfmt.Println(\"begun\")\ntime.Sleep(time.Hour)")
		all := l.of()
		for _, pid := range []int{outer, l.innerOf(t, outer)} {
			syscall.Kill(pid, syscall.SIGSTOP) // so that neither sees the other's end
		}
		for _, pid := range []int{l.innerOf(t, outer), outer} {
			syscall.Kill(pid, syscall.SIGKILL)
		}
		killed.do("dead")
		killed.do("start")
		killed.do("run", "%%\nfmt.Println(1)")
		killed.do("stop")
		for begin := time.Now(); len(l.left(0)) > live && time.Since(begin) < 20*time.Second; {
			time.Sleep(20 * time.Millisecond)
		}
		if left := l.left(0); len(left) != live {
			tally.lost("%d things left instead of %d:\n%s\nwhen killed there were\n%s", len(left), live, strings.Join(left, "\n"), strings.Join(all, "\n"))
			continue
		}
		if a := other.do("run", "%%\nfmt.Println(6 * 7)"); a.Status != "ok" || strings.TrimSpace(a.Out) != "42" {
			tally.lost("the other kernel answered %v", a)
			continue
		}
		tally.well()
	}
	other.do("stop")
}

// TestInterruptedKernel: the guard lets a cell be interrupted, and the kernel
// goes on.
func TestInterruptedKernel(t *testing.T) {
	l := newKernelLab(t)
	t.Cleanup(l.killAll)
	c := newClient(t, l)
	tally := count(t, "Interrupts", "a cell", "Jupyter's interrupt and SIGINT to the kernel's process, by turns")
	pid := c.do("start").PID
	c.do("run", first)
	for i := range times(2, 20) {
		c.do("begin", "%%\nstop := make(chan os.Signal, 1)\nsignal.Notify(stop, os.Interrupt)\nfmt.Println(\"begun\")\n<-stop\nfmt.Println(\"saved\")")
		if i%2 == 0 {
			c.do("interrupt")
		} else {
			syscall.Kill(pid, syscall.SIGINT)
		}
		if a := c.do("finish"); !strings.Contains(a.Out, "saved") {
			tally.lost("the cell was not interrupted: %+v", a)
			continue
		}
		if a := c.do("run", "%%\nfmt.Println(6 * 7)"); strings.TrimSpace(a.Out) != "42" {
			tally.lost("the kernel answered %v", a)
			continue
		}
		tally.well()
	}
	c.do("stop")
	if left := l.left(10 * time.Second); len(left) > 0 {
		t.Errorf("after the end of the kernel there is left\n%s", strings.Join(left, "\n"))
	}
}
