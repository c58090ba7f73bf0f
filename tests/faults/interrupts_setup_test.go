//go:build linux

package faults

import (
	"io"
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"convlab/internal/labdir"
	"convlab/internal/skiptest"
)

// TestStopsSetup presses Ctrl-C in the terminal in which a step of set-up runs:
// make ends, without the trace of a program, and the next make brings the step
// to its end.
func TestStopsSetup(t *testing.T) {
	if _, err := os.Stat(filepath.Join(labdir.Dir(), "venv", "bin", "python")); err != nil {
		skiptest.Missing(t, "set-up")
	}
	for _, s := range steps {
		tries, known := map[string]int{"checked": times(0, 10), "kernel": times(1, 10), "convlab": times(0, 5)}[s.name]
		if !known || tries == 0 { // the others fetch packages, or take minutes
			continue
		}
		t.Run(s.name, func(t *testing.T) {
			j := s.job(t)
			c := count(t, "Interrupts", j.what, "Ctrl-C in its terminal at moments spread over the step")
			begin := time.Now()
			if r := j.run(t, j.prepared(t)); r.code != 0 {
				t.Fatalf("undisturbed: code %d\n%s", r.code, r.out)
			}
			whole := time.Since(begin)
			var longest slowest
			for i := range tries {
				dir := j.prepared(t)
				words := j.command(dir)
				p := startOnTerminal(t, root(), j.environ(dir), words[0], words[1:]...)
				select {
				case err := <-p.done:
					p.done <- err
				case <-time.After(whole * time.Duration(2*i+1) / time.Duration(2*tries)):
				}
				io.WriteString(p.keyboard, ctrlC)
				r := p.wait(limit)
				longest.saw(r.took)
				switch {
				case r.hung:
					c.hung("make is still there:\n%s", r.out)
					continue
				case r.panicked():
					c.panicked("%s", r.out)
					continue
				case r.code != 0 && r.code != 2 && r.signal != syscall.SIGINT: // it may have been done before
					c.lost("code %d, signal %v:\n%s", r.code, r.signal, r.out)
					continue
				}
				if err := j.kept(dir); err != nil {
					c.lost("after Ctrl-C: %v\n%s", err, r.out)
					continue
				}
				if r := j.run(t, dir); r.code != 0 {
					c.lost("the next make: code %d\n%s", r.code, r.out)
				} else if err := j.done(dir); err != nil {
					c.lost("after the next make: %v", err)
				} else {
					c.well()
				}
			}
			c.note("At most %v until the end.", &longest)
		})
	}
}
