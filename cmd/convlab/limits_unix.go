//go:build unix

package main

import (
	"fmt"
	"syscall"
)

// limits tells which of the shell's limits are low enough to stop a cell.
func limits() string {
	var said string
	for _, l := range []struct {
		what   string
		number int
		enough uint64
		flag   string
	}{{"bytes of address space", syscall.RLIMIT_AS, 16 << 30, "v"}, {"bytes a file", syscall.RLIMIT_FSIZE, 1 << 30, "f"}, {"open files", syscall.RLIMIT_NOFILE, 256, "n"}} {
		var limit syscall.Rlimit
		if err := syscall.Getrlimit(l.number, &limit); err == nil && limit.Cur < l.enough {
			said += fmt.Sprintf("; only %d %s are allowed here: `ulimit -%s unlimited`", limit.Cur, l.what, l.flag)
		}
	}
	return said
}
