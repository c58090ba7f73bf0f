//go:build linux && amd64

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"unsafe"
)

// A call is a system call that changes a file: where its arguments tell which.
type call struct {
	name   string
	fd     int // argument with the file's number; -1: none
	path   int // argument with its path; -1: none
	at     int // argument with the number of the folder that the path starts in; -1: the working folder
	flags  int // argument with flags of open, which have to ask for a change; -1: none
	frees  bool
	length int // argument with the number of bytes written; -1: none
}

var calls = map[uint64]call{
	1:   {"write", 0, -1, -1, -1, false, 2},
	18:  {"pwrite64", 0, -1, -1, -1, false, 2},
	20:  {"writev", 0, -1, -1, -1, false, -1},
	40:  {"sendfile", 0, -1, -1, -1, false, 3},
	326: {"copy_file_range", 2, -1, -1, -1, false, 4},
	77:  {"ftruncate", 0, -1, -1, -1, false, -1},
	74:  {"fsync", 0, -1, -1, -1, false, -1},
	75:  {"fdatasync", 0, -1, -1, -1, false, -1},
	91:  {"fchmod", 0, -1, -1, -1, false, -1},
	2:   {"open", -1, 0, -1, 1, false, -1},
	257: {"openat", -1, 1, 0, 2, false, -1},
	82:  {"rename", -1, 1, -1, -1, true, -1},
	264: {"renameat", -1, 3, 2, -1, true, -1},
	316: {"renameat2", -1, 3, 2, -1, true, -1},
	83:  {"mkdir", -1, 0, -1, -1, false, -1},
	258: {"mkdirat", -1, 1, 0, -1, false, -1},
	84:  {"rmdir", -1, 0, -1, -1, true, -1},
	87:  {"unlink", -1, 0, -1, -1, true, -1},
	263: {"unlinkat", -1, 1, 0, -1, true, -1},
	88:  {"symlink", -1, 1, -1, -1, false, -1},
	266: {"symlinkat", -1, 2, 1, -1, false, -1},
}

// filter makes this thread, and what it becomes and starts, stop at calls.
func filter() error {
	type instruction struct {
		code   uint16
		jt, jf uint8
		k      uint32
	}
	const load, equal, give = 0x20, 0x15, 0x06
	const allow, trace, x86 = 0x7fff0000, 0x7ff00000, 0xc000003e
	program := []instruction{{load, 0, 0, 4}, {equal, 1, 0, x86}, {give, 0, 0, allow}, {load, 0, 0, 0}}
	for number := range calls {
		program = append(program, instruction{equal, 0, 1, uint32(number)}, instruction{give, 0, 0, trace})
	}
	program = append(program, instruction{give, 0, 0, allow})
	f := struct {
		length uint16
		first  *instruction
	}{uint16(len(program)), &program[0]}
	const noNewPrivileges, setSeccomp, byFilter = 38, 22, 2
	if _, _, err := syscall.RawSyscall6(syscall.SYS_PRCTL, noNewPrivileges, 1, 0, 0, 0, 0); err != 0 {
		return err
	}
	if _, _, err := syscall.RawSyscall(syscall.SYS_PRCTL, setSeccomp, byFilter, uintptr(unsafe.Pointer(&f))); err != 0 {
		return err
	}
	return nil
}

// A striker counts the calls and strikes.
type striker struct {
	Report
	below      string
	kill, fail int
	errno      syscall.Errno
	room       int64 // -1: endless
	processes  map[int]bool
	dead       bool
}

// call looks at the call before which a thread has stopped.
func (s *striker) call(pid int) {
	var r syscall.PtraceRegs
	if s.dead || syscall.PtraceGetRegs(pid, &r) != nil {
		return
	}
	c, known := calls[r.Orig_rax]
	if !known {
		return
	}
	arguments := [6]uint64{r.Rdi, r.Rsi, r.Rdx, r.R10, r.R8, r.R9}
	if c.flags >= 0 && arguments[c.flags]&(syscall.O_CREAT|syscall.O_TRUNC) == 0 {
		return
	}
	file := s.file(pid, c, arguments)
	if file != s.below && !strings.HasPrefix(file, s.below+"/") {
		return
	}
	s.Calls++
	full := false
	if s.room >= 0 && c.length >= 0 {
		full = s.room < int64(arguments[c.length])
		s.room -= int64(arguments[c.length])
		if full {
			s.room = 0
		}
	}
	lasting := s.errno != syscall.EIO && (!c.frees || s.errno == syscall.EROFS) // a full disk stays full, and lets files go
	switch {
	case s.Calls == s.kill:
		s.Struck, s.dead = fmt.Sprintf("%s of %s", c.name, file), true
		for pid := range s.processes {
			syscall.Kill(pid, syscall.SIGKILL)
		}
	case full, s.fail > 0 && s.Calls == s.fail, s.fail > 0 && s.Calls > s.fail && lasting:
		if s.Struck == "" {
			s.Struck = fmt.Sprintf("%s of %s", c.name, file)
		}
		r.Orig_rax = ^uint64(0)  // no call
		r.Rax = -uint64(s.errno) // s.errno is ENOSPC where the disk is full
		syscall.PtraceSetRegs(pid, &r)
	}
}

// file is the absolute path of the file that a call is about.
func (s *striker) file(pid int, c call, arguments [6]uint64) string {
	link := func(name string) string {
		to, _ := os.Readlink(fmt.Sprintf("/proc/%d/%s", pid, name))
		return to
	}
	if c.fd >= 0 {
		return strings.TrimSuffix(link(fmt.Sprintf("fd/%d", int32(arguments[c.fd]))), " (deleted)")
	}
	path := text(pid, uintptr(arguments[c.path]))
	if filepath.IsAbs(path) {
		return filepath.Clean(path)
	}
	const working = -100 // AT_FDCWD
	if c.at < 0 || int32(arguments[c.at]) == working {
		return filepath.Join(link("cwd"), path)
	}
	return filepath.Join(link(fmt.Sprintf("fd/%d", int32(arguments[c.at]))), path)
}

// text reads the zero-terminated text at an address of a thread.
func text(pid int, address uintptr) string {
	memory, err := os.Open(fmt.Sprintf("/proc/%d/mem", pid))
	if err != nil {
		return ""
	}
	defer memory.Close()
	b := make([]byte, 4096)
	n, _ := memory.ReadAt(b, int64(address))
	before, _, _ := bytes.Cut(b[:n], []byte{0})
	return string(before)
}
