//go:build linux

package faults

import (
	"encoding/hex"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// pids are the processes of the lab's kernels.
func (l *kernelLab) pids() []int {
	var pids []int
	for _, line := range l.of() {
		pid, _, _ := strings.Cut(line, " ")
		if n, err := strconv.Atoi(pid); err == nil {
			pids = append(pids, n)
		}
	}
	return pids
}

// descendants are the processes that a process has started, and those that they have.
func descendants(pid int) []int {
	var all []int
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, task := range tasks {
		text, _ := os.ReadFile(task)
		for _, field := range strings.Fields(string(text)) {
			if child, err := strconv.Atoi(field); err == nil {
				all = append(append(all, child), descendants(child)...)
			}
		}
	}
	return all
}

// listening are the addresses, without ports, of the TCP sockets on which
// these processes listen, one for each socket.
func listening(t testing.TB, pids []int) []string {
	t.Helper()
	own := map[string]bool{}
	for _, pid := range pids {
		fds, _ := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", pid))
		for _, fd := range fds {
			if to, err := os.Readlink(fd); err == nil && strings.HasPrefix(to, "socket:[") {
				own[strings.Trim(to, "socket:[]")] = true
			}
		}
	}
	var at []string
	for _, table := range []string{"/proc/net/tcp", "/proc/net/tcp6"} {
		text, err := os.ReadFile(table)
		if err != nil {
			continue // a machine without IPv6
		}
		for line := range strings.Lines(string(text)) {
			fields := strings.Fields(line)
			if len(fields) < 10 || fields[3] != "0A" || !own[fields[9]] {
				continue
			}
			address, _, _ := strings.Cut(fields[1], ":")
			raw, err := hex.DecodeString(address)
			if err != nil {
				t.Fatalf("%s: %q", table, line)
			}
			for word := 0; word < len(raw); word += 4 { // words in the machine's order
				slices.Reverse(raw[word : word+4])
			}
			at = append(at, net.IP(raw).String())
		}
	}
	return at
}
