//go:build unix

package tests

import (
	"os/exec"
	"syscall"
)

// together lets a command, which is not started yet, and all its children end
// together when its context does. terminate asks them to end.
func together(cmd *exec.Cmd) (terminate func()) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	return func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
}
