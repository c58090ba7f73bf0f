//go:build linux

package faults

import (
	"bytes"
	"errors"
	"io"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// A process is a command that runs, in a process group of its own so that a
// test can end it with all its children.
type process struct {
	t    testing.TB
	cmd  *exec.Cmd
	out  buffer
	done chan error
	// keyboard is that of the terminal in which the process runs, if any.
	keyboard io.Writer
}

// A result is how a process ended.
type result struct {
	out    string         // what it printed, both streams as they came
	code   int            // its exit code; -1 if a signal ended it
	signal syscall.Signal // the signal that ended it
	hung   bool           // it did not end within the limit and was killed
	took   time.Duration  // from wait's beginning to the end
}

// start starts a program in dir with this environment.
func start(t testing.TB, dir string, env []string, name string, args ...string) *process {
	t.Helper()
	return startAs(t, nil, dir, env, name, args...)
}

// startAs is start as another user.
func startAs(t testing.TB, who *syscall.Credential, dir string, env []string, name string, args ...string) *process {
	t.Helper()
	p := &process{t: t, cmd: exec.Command(name, args...), done: make(chan error, 1)}
	p.cmd.Dir, p.cmd.Env = dir, env
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Credential: who}
	p.cmd.WaitDelay = 10 * time.Second // a child that outlives it may hold the output open
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() { p.done <- p.cmd.Wait() }()
	t.Cleanup(func() { syscall.Kill(-p.cmd.Process.Pid, syscall.SIGKILL) })
	return p
}

// send sends a signal to the process alone, as `kill` does.
func (p *process) send(s syscall.Signal) { p.cmd.Process.Signal(s) }

// sendAll sends a signal to the process and its children, as Ctrl-C in a
// terminal does.
func (p *process) sendAll(s syscall.Signal) { syscall.Kill(-p.cmd.Process.Pid, s) }

// alive tells whether the process itself has not ended yet; its children may
// still hold its output open.
func (p *process) alive() bool { return syscall.Kill(p.cmd.Process.Pid, 0) == nil }

// wait waits for the end, at most as long as limit: then the process is killed
// and counts as hung.
func (p *process) wait(limit time.Duration) result {
	begin := time.Now()
	var r result
	var err error
	select {
	case err = <-p.done:
	case <-time.After(limit):
		r.hung = true
		p.sendAll(syscall.SIGKILL)
		err = <-p.done
	}
	p.done <- err // for a second call
	r.took, r.out = time.Since(begin), p.out.String()
	var exit *exec.ExitError
	switch {
	case err == nil:
	case errors.As(err, &exit):
		r.code = exit.ExitCode()
		if status, ok := exit.Sys().(syscall.WaitStatus); ok && status.Signaled() {
			r.signal = status.Signal()
		}
	default:
		r.code = -1
	}
	return r
}

// run is start and wait.
func run(t testing.TB, limit time.Duration, dir string, env []string, name string, args ...string) result {
	t.Helper()
	return start(t, dir, env, name, args...).wait(limit)
}

// panicked tells whether the output holds the trace of a crash, Go's or C's.
func (r result) panicked() bool {
	for _, sign := range []string{"panic: ", "fatal error: ", "goroutine 1 [", "SIGSEGV", "SIGABRT", "Traceback (most recent call last)", "*** Check failure"} {
		if strings.Contains(r.out, sign) {
			return true
		}
	}
	return false
}

// says tells whether the process has printed text so far.
func (p *process) says(text string) bool { return strings.Contains(p.out.String(), text) }

// buffer is a bytes.Buffer that may be read while it is written.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
