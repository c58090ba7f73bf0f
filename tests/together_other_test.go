//go:build !unix

package tests

import "os/exec"

// together is for systems with groups of processes: here the command ends
// alone.
func together(cmd *exec.Cmd) (terminate func()) { return func() { cmd.Process.Kill() } }
