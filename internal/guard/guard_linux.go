// Package guard runs a program so that nothing of it outlives it, however it
// ends: not the programs that it started, nor theirs, nor what they left in
// the folder for temporary files.
//
// GoNB, killed by the system for want of memory, left the program of the
// running cell, gopls with its child and 30 MB of files behind. Here Jupyter
// starts a guard of two processes around it:
//
//	Jupyter - outer - inner - GoNB - cell, gopls, go build
//
// Each of the two adopts what its descendants leave behind and ends that when
// its child has ended. Two, because Jupyter kills the process group that it
// started, with the outer process: the inner one is in a session of its own.
package guard

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"time"
)

// Grace is how long programs may take to end (a training saves its weights)
// before they are killed.
const Grace = 3 * time.Second

// inside is the first argument of the inner process.
const inside = "--inside"

// Run runs a program with its arguments, with TMPDIR in a folder of its own,
// and returns its exit code, or 128 and the number of the signal that ended
// it. Before that it sweeps away what guards left that were killed themselves.
func Run(command []string) (int, error) {
	if len(command) == 0 {
		return 0, errors.New("no program to run")
	}
	// The system ends the child with the thread that started it.
	runtime.LockOSThread()
	if err := adoptOrphans(); err != nil {
		return 0, err
	}
	if command[0] == inside {
		if len(command) == 1 {
			return 0, errors.New("no program to run inside")
		}
		syscall.CloseOnExec(3) // the folder's lock: this process's, not its children's
		cmd := exec.Command(command[1], command[2:]...)
		cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
		return contain(cmd, os.TempDir(), nil)
	}
	sweep(os.TempDir())
	folder, lock, err := makeFolder(os.TempDir())
	if err != nil {
		return 0, err
	}
	defer lock.Close()
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command(self, append([]string{inside}, command...)...)
	cmd.Env = append(os.Environ(), "TMPDIR="+folder)
	cmd.ExtraFiles = []*os.File{lock}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Pdeathsig: syscall.SIGTERM}
	go func() {
		if parentEnds() {
			syscall.Kill(os.Getpid(), syscall.SIGTERM) // contain passes it on
		}
	}()
	return contain(cmd, folder, orphaned())
}

// orphaned tells when this process's parent has ended: Jupyter, killed, ends
// no kernels, and another Jupyter finds them no more. (The system's own signal
// for this comes too when only the thread ends that started this process.)
func orphaned() <-chan struct{} {
	parent, told := os.Getppid(), make(chan struct{})
	go func() {
		for os.Getppid() == parent {
			time.Sleep(time.Second)
		}
		close(told)
	}()
	return told
}

// parentEnds waits for the end of the process that started this one, if that is
// Jupyter, which says so in the environment of kernels that are to end with it.
func parentEnds() bool {
	jupyter, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	if err != nil || jupyter != os.Getppid() {
		return false
	}
	for os.Getppid() == jupyter {
		time.Sleep(500 * time.Millisecond)
	}
	return true
}

// adoptOrphans makes this process the parent of descendants whose parent ends.
func adoptOrphans() error {
	const subreaper = 36 // PR_SET_CHILD_SUBREAPER
	if _, _, errno := syscall.RawSyscall(syscall.SYS_PRCTL, subreaper, 1, 0); errno != 0 {
		return fmt.Errorf("prctl: %w", errno)
	}
	return nil
}

// contain runs the program, passes signals on to it, asks it to end when
// orphaned tells and, when it has ended, ends all its descendants and removes
// the folder.
func contain(cmd *exec.Cmd, folder string, orphaned <-chan struct{}) (int, error) {
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM, syscall.SIGHUP, syscall.SIGQUIT)
	defer signal.Stop(signals)
	if err := cmd.Start(); err != nil {
		return 0, errors.Join(err, os.RemoveAll(folder))
	}
	pid := cmd.Process.Pid
	ended := make(chan struct{})
	defer close(ended)
	end := func(s syscall.Signal) {
		syscall.Kill(pid, s)
		time.AfterFunc(2*Grace, func() {
			select {
			case <-ended:
			default:
				syscall.Kill(pid, syscall.SIGKILL)
			}
		})
	}
	go func() {
		for {
			select {
			case s := <-signals:
				if s == syscall.SIGINT {
					syscall.Kill(pid, syscall.SIGINT)
				} else {
					end(s.(syscall.Signal))
				}
			case <-orphaned:
				end(syscall.SIGTERM)
				orphaned = nil
			case <-ended:
				return
			}
		}
	}()
	var status syscall.WaitStatus
	for { // all that is adopted is waited for too
		child, err := syscall.Wait4(-1, &status, 0, nil)
		if errors.Is(err, syscall.EINTR) {
			continue
		}
		if err != nil {
			return 0, fmt.Errorf("waiting for %s: %w", cmd.Path, err)
		}
		if child == pid {
			break
		}
	}
	endDescendants(status.Signaled())
	if err := os.RemoveAll(folder); err != nil {
		return 0, err
	}
	if status.Signaled() {
		return 128 + int(status.Signal()), nil
	}
	return status.ExitStatus(), nil
}

// endDescendants gives the children that this process has adopted time to end,
// then kills them, and theirs after them. If interrupt, they have not been
// told to end yet.
func endDescendants(interrupt bool) {
	told := map[int]bool{}
	for begin := time.Now(); time.Since(begin) < 2*Grace; time.Sleep(5 * time.Millisecond) {
		for {
			child, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil)
			if errors.Is(err, syscall.ECHILD) {
				return
			}
			if err != nil || child == 0 {
				break
			}
		}
		for _, child := range children(os.Getpid()) {
			switch {
			case time.Since(begin) > Grace:
				syscall.Kill(child, syscall.SIGKILL)
			case interrupt && !told[child]:
				told[child] = true
				syscall.Kill(child, syscall.SIGINT)
			}
		}
	}
}
