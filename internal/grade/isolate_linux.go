//go:build linux && (amd64 || arm64)

package grade

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strconv"
	"syscall"
	"unsafe"

	"golang.org/x/sys/unix"
)

// The names under which this program starts itself: to become a student's
// program in a room of its own, or a compiler with limits.
const (
	isolatedName = "convlab-isolated"
	limitedName  = "convlab-limited"
)

// nobody is the user that a student's program is for the rest of the system
// where root grades.
const nobody = 65534

// Inside does not return in a process that Grade started to isolate a student's
// program or to limit a compiler: that process becomes the program. The main
// function of a command that grades calls it first.
func Inside() {
	var err error
	switch os.Args[0] {
	default:
		return
	case isolatedName:
		err = becomeIsolated(os.Args[1:])
	case limitedName:
		err = becomeLimited(os.Args[1:])
	}
	fmt.Fprintln(os.Stderr, os.Args[0]+":", err)
	os.Exit(125)
}

// isolated is the command that runs a program with nothing of this system but
// that program, an empty folder in memory, and its first files.
func isolated(ctx context.Context, program *os.File, l Limits) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "/proc/self/exe", strconv.FormatInt(l.Memory, 10), strconv.Itoa(int(math.Ceil(l.Time.Seconds()))))
	cmd.Args[0] = isolatedName
	uid, gid := os.Getuid(), os.Getgid()
	if uid == 0 {
		uid, gid = nobody, nobody
	}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Cloneflags:  unix.CLONE_NEWUSER | unix.CLONE_NEWNS | unix.CLONE_NEWPID | unix.CLONE_NEWNET | unix.CLONE_NEWIPC | unix.CLONE_NEWUTS,
		UidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}},
		GidMappings: []syscall.SysProcIDMap{{ContainerID: 0, HostID: gid, Size: 1}},
		Credential:  &syscall.Credential{NoSetGroups: true},
		Setsid:      true,
		Pdeathsig:   syscall.SIGKILL,
	}
	return cmd
}

// programFile is the descriptor of the program, after those of the calls and
// the results.
const programFile = 5

// becomeIsolated runs in new namespaces as their first process.
func becomeIsolated(args []string) error {
	runtime.LockOSThread() // what follows belongs to a thread, and the thread becomes the program
	debug.SetGCPercent(-1)
	if len(args) != 2 {
		return errors.New("memory and seconds are wanted")
	}
	memory, err := strconv.ParseUint(args[0], 10, 64)
	if err != nil {
		return err
	}
	seconds, err := strconv.ParseUint(args[1], 10, 64)
	if err != nil {
		return err
	}
	if err := emptyRoot("/program"); err != nil {
		return err
	}
	// No right of the namespace's root is left, not even after exec.
	for c := range uintptr(64) {
		if err := unix.Prctl(unix.PR_CAPBSET_DROP, c, 0, 0, 0); err != nil && err != unix.EINVAL { // no such right here
			return fmt.Errorf("dropping rights: %w", err)
		}
	}
	if err := unix.Prctl(unix.PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0); err != nil {
		return err
	}
	if err := unix.Prctl(unix.PR_SET_PDEATHSIG, uintptr(unix.SIGKILL), 0, 0, 0); err != nil {
		return err
	}
	for _, l := range []struct {
		resource int
		most     uint64
	}{
		{unix.RLIMIT_CORE, 0}, {unix.RLIMIT_FSIZE, diskMost}, {unix.RLIMIT_NOFILE, 64}, {unix.RLIMIT_NPROC, 256}, {unix.RLIMIT_MEMLOCK, 0},
		{unix.RLIMIT_MSGQUEUE, 0}, {unix.RLIMIT_CPU, seconds},
	} {
		if err := unix.Setrlimit(l.resource, &unix.Rlimit{Cur: l.most, Max: l.most}); err != nil {
			return fmt.Errorf("limit %d: %w", l.resource, err)
		}
	}
	program, err := unix.BytePtrFromString("/program")
	if err != nil {
		return err
	}
	var environment []*byte
	for _, setting := range []string{"GOMLX_BACKEND=go", fmt.Sprintf("GOMEMLIMIT=%d", memory/4*3)} {
		p, err := unix.BytePtrFromString(setting)
		if err != nil {
			return err
		}
		environment = append(environment, p)
	}
	if err := filterCalls(); err != nil {
		return fmt.Errorf("filter of system calls: %w", err)
	}
	// This process has more memory than the program may have: after these limits
	// it must not ask for any, so nothing of Go's runtime stands between.
	arguments := []*byte{program, nil}
	environment = append(environment, nil)
	data, all := unix.Rlimit{Cur: memory, Max: memory}, unix.Rlimit{Cur: memory + addresses, Max: memory + addresses}
	for resource, limit := range []*unix.Rlimit{unix.RLIMIT_DATA: &data, unix.RLIMIT_AS: &all} {
		if limit == nil {
			continue
		}
		if _, _, errno := unix.RawSyscall6(unix.SYS_PRLIMIT64, 0, uintptr(resource), uintptr(unsafe.Pointer(limit)), 0, 0, 0); errno != 0 {
			return errno
		}
	}
	_, _, errno := unix.RawSyscall(unix.SYS_EXECVE, uintptr(unsafe.Pointer(program)), uintptr(unsafe.Pointer(&arguments[0])), uintptr(unsafe.Pointer(&environment[0])))
	return errno
}

const (
	// diskMost is how many bytes a student's files may have, which lie in memory.
	diskMost = 32 << 20
	// addresses is what a Go program reserves and does not use.
	addresses = 1 << 30
)

// emptyRoot makes a root folder in memory that holds the program alone.
func emptyRoot(program string) error {
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return fmt.Errorf("mounts of its own: %w", err)
	}
	const root = "/tmp"
	if err := unix.Mount("tmpfs", root, "tmpfs", unix.MS_NOSUID|unix.MS_NODEV, fmt.Sprintf("size=%d,nr_inodes=1000,mode=755", 4*diskMost)); err != nil {
		return fmt.Errorf("folder in memory: %w", err)
	}
	from := os.NewFile(programFile, "program")
	defer from.Close()
	to, err := os.OpenFile(filepath.Join(root, program), os.O_CREATE|os.O_WRONLY, 0o755)
	if err != nil {
		return err
	}
	if _, err := io.Copy(to, from); err != nil {
		return err
	}
	if err := to.Close(); err != nil {
		return err
	}
	if err := os.Chdir(root); err != nil {
		return err
	}
	if err := unix.PivotRoot(".", "."); err != nil {
		return fmt.Errorf("root of its own: %w", err)
	}
	if err := unix.Unmount(".", unix.MNT_DETACH); err != nil {
		return fmt.Errorf("leaving the old root: %w", err)
	}
	return os.Chdir("/")
}

// limited makes a command one whose processes have compilerMemory and compilerTime each.
func limited(cmd *exec.Cmd) {
	cmd.Args = append([]string{limitedName, cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/proc/self/exe"
}

func becomeLimited(args []string) error {
	if len(args) == 0 {
		return errors.New("a command is wanted")
	}
	for resource, most := range map[int]uint64{
		unix.RLIMIT_DATA: compilerMemory, unix.RLIMIT_CPU: uint64(compilerTime.Seconds()), unix.RLIMIT_CORE: 0, unix.RLIMIT_FSIZE: 512 << 20,
	} {
		if err := unix.Setrlimit(resource, &unix.Rlimit{Cur: most, Max: most}); err != nil {
			return err
		}
	}
	return syscall.Exec(args[0], args, os.Environ())
}
