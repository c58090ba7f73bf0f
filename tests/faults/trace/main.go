//go:build linux && amd64

// Command trace runs a command and strikes at one of its system calls that
// change files below a folder: it kills the command and all its children just
// before that call, or lets the call fail. Go programs do not go through libc,
// so that this is done by ptrace, where a seccomp filter stops the threads at
// those calls only.
//
//	trace -below DIR -report FILE                     COMMAND…   counts the calls
//	trace -below DIR -report FILE -kill 7             COMMAND…   kills before the seventh
//	trace -below DIR -report FILE -fail 7 -errno EIO  COMMAND…   the seventh fails
//	trace -below DIR -report FILE -room 100000        COMMAND…   the disk is full after so many bytes
package main

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"syscall"
)

// child is the variable of the process that puts the filter on itself and
// becomes the command.
const child = "CONVLAB_TRACED"

// Report is what the file of -report holds.
type Report struct {
	Calls  int    // below the folder
	Struck string // the call that was struck, with its file; "" if none was
}

// errnos are those that can be told to a call.
var errnos = map[string]syscall.Errno{"ENOSPC": syscall.ENOSPC, "EIO": syscall.EIO, "EROFS": syscall.EROFS, "EDQUOT": syscall.EDQUOT}

func main() {
	s := &striker{processes: map[int]bool{}}
	flag.StringVar(&s.below, "below", "", "the folder")
	report := flag.String("report", "", "the file for the report")
	flag.IntVar(&s.kill, "kill", 0, "kill before this call, counted from 1")
	flag.IntVar(&s.fail, "fail", 0, "let this call fail")
	errno := flag.String("errno", "ENOSPC", "how: ENOSPC, EIO, EROFS or EDQUOT")
	flag.Int64Var(&s.room, "room", -1, "bytes after which writes fail")
	flag.Parse()
	s.errno = errnos[*errno]
	if os.Getenv(child) != "" {
		fatal(become(flag.Args()))
	}
	if s.below == "" || s.errno == 0 || flag.NArg() == 0 {
		flag.Usage()
		os.Exit(2)
	}
	status, err := s.run()
	if err != nil {
		fatal(err)
	}
	text, err := json.Marshal(s.Report)
	if err == nil && *report != "" {
		err = os.WriteFile(*report, text, 0o644)
	}
	if err != nil {
		fatal(err)
	}
	if status.Signaled() {
		os.Exit(128 + int(status.Signal()))
	}
	os.Exit(status.ExitStatus())
}

// cannot is the exit code where the system forbids what is done here.
const cannot = 125

func fatal(err error) {
	fmt.Fprintln(os.Stderr, "trace:", err)
	os.Exit(cannot)
}

// become puts the filter on this thread and becomes the command.
func become(command []string) error {
	runtime.LockOSThread()
	if err := filter(); err != nil {
		return fmt.Errorf("seccomp: %w", err)
	}
	path, err := exec.LookPath(command[0])
	if err != nil {
		return err
	}
	os.Unsetenv(child)
	return syscall.Exec(path, command, os.Environ())
}

// run runs this program again as the child and watches it and what it starts
// to their end.
func (s *striker) run() (status syscall.WaitStatus, err error) {
	runtime.LockOSThread() // the kernel takes this thread, not the process, for the tracer
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(self, os.Args[1:]...)
	cmd.Env = append(os.Environ(), child+"=1")
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Ptrace: true}
	if err := cmd.Start(); err != nil {
		return 0, fmt.Errorf("ptrace: %w", err)
	}
	root := cmd.Process.Pid
	for first := true; ; {
		var ws syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &ws, syscall.WALL, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		} else if err != nil { // all have ended
			return status, nil
		}
		if ws.Exited() || ws.Signaled() {
			delete(s.processes, pid)
			if pid == root {
				status = ws
			}
			continue
		}
		if !ws.Stopped() {
			continue
		}
		if first {
			first = false
			const seccomp, exitKill = 0x80, 0x100000
			if err := syscall.PtraceSetOptions(pid, syscall.PTRACE_O_TRACECLONE|syscall.PTRACE_O_TRACEFORK|syscall.PTRACE_O_TRACEVFORK|
				syscall.PTRACE_O_TRACEEXEC|seccomp|exitKill); err != nil {
				return 0, fmt.Errorf("ptrace: %w", err)
			}
		}
		signal, event := ws.StopSignal(), int(ws>>16)
		const atCall = 7 // PTRACE_EVENT_SECCOMP
		switch new := !s.processes[pid]; {
		case signal == syscall.SIGTRAP:
			if event == atCall {
				s.call(pid)
			}
			signal = 0
		case signal == syscall.SIGSTOP && new: // of a thread or process that was just made
			signal = 0
		}
		s.processes[pid] = true
		if s.dead {
			syscall.Kill(pid, syscall.SIGKILL)
		}
		syscall.PtraceCont(pid, int(signal)) // fails if it was killed meanwhile
	}
}
