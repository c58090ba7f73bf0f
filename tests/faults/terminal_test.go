//go:build linux

package faults

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// ctrlC is what the key Ctrl-C writes to a terminal, which then sends SIGINT to
// the processes in its foreground.
const ctrlC = "\x03"

// startOnTerminal is start in a terminal of its own, which has a keyboard.
func startOnTerminal(t testing.TB, dir string, env []string, name string, args ...string) *process {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { master.Close() })
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err = errors.Join(err, unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0)); err != nil {
		t.Fatal(err)
	}
	terminal, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer terminal.Close()
	p := &process{t: t, cmd: exec.Command(name, args...), done: make(chan error, 1), keyboard: master}
	p.cmd.Dir, p.cmd.Env = dir, env
	p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = terminal, terminal, terminal
	p.cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go io.Copy(&p.out, master) // ends with an error when nobody has the terminal open
	go func() { p.done <- p.cmd.Wait() }()
	t.Cleanup(func() { p.sendAll(syscall.SIGKILL) })
	return p
}
