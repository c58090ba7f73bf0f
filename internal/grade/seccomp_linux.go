//go:build linux && (amd64 || arm64)

package grade

import (
	"unsafe"

	"golang.org/x/sys/unix"
)

// forbidden are system calls that no answer needs: processes, sockets, memory that
// no limit counts, new namespaces, and what has had most holes.
var forbidden = append(forkCalls, unix.SYS_UNSHARE, unix.SYS_SETNS, unix.SYS_SOCKET, unix.SYS_SOCKETPAIR, unix.SYS_MEMFD_CREATE, unix.SYS_MEMFD_SECRET,
	unix.SYS_SHMGET, unix.SYS_MSGGET, unix.SYS_SEMGET, unix.SYS_PTRACE, unix.SYS_PROCESS_VM_READV, unix.SYS_PROCESS_VM_WRITEV, unix.SYS_KEYCTL,
	unix.SYS_ADD_KEY, unix.SYS_REQUEST_KEY, unix.SYS_BPF, unix.SYS_PERF_EVENT_OPEN, unix.SYS_USERFAULTFD, unix.SYS_IO_URING_SETUP, unix.SYS_MOUNT,
	unix.SYS_UMOUNT2, unix.SYS_PIVOT_ROOT, unix.SYS_FSOPEN, unix.SYS_OPEN_TREE, unix.SYS_MOVE_MOUNT, unix.SYS_FSMOUNT, unix.SYS_MQ_OPEN,
	unix.SYS_INOTIFY_INIT1, unix.SYS_FANOTIFY_INIT, unix.SYS_CHROOT, unix.SYS_PERSONALITY)

// filterCalls takes forbidden system calls away from this thread and what it
// becomes. Threads can be made, which Go needs, processes cannot: the limits of a
// process are those of the whole program.
func filterCalls() error {
	const (
		load   = unix.BPF_LD | unix.BPF_W | unix.BPF_ABS
		equal  = unix.BPF_JMP | unix.BPF_JEQ | unix.BPF_K
		from   = unix.BPF_JMP | unix.BPF_JGE | unix.BPF_K
		has    = unix.BPF_JMP | unix.BPF_JSET | unix.BPF_K
		result = unix.BPF_RET | unix.BPF_K
		// Where the kernel puts the number of the call, the processor and the first argument.
		number, processor, argument = 0, 4, 16
		otherNumbers                = 0x40000000 // the calls of x32
	)
	refuse := func(err unix.Errno) unix.SockFilter {
		return unix.SockFilter{Code: result, K: unix.SECCOMP_RET_ERRNO | uint32(err)}
	}
	kill, allow := unix.SockFilter{Code: result, K: unix.SECCOMP_RET_KILL_PROCESS}, unix.SockFilter{Code: result, K: unix.SECCOMP_RET_ALLOW}
	program := []unix.SockFilter{
		{Code: load, K: processor}, {Code: equal, K: thisProcessor, Jt: 1}, kill,
		{Code: load, K: number}, {Code: from, K: otherNumbers, Jf: 1}, kill,
		{Code: equal, K: unix.SYS_CLONE3, Jf: 1}, refuse(unix.ENOSYS), // Go then takes clone, whose flags can be seen here
		{Code: equal, K: unix.SYS_CLONE, Jf: 4}, {Code: load, K: argument}, {Code: has, K: unix.CLONE_THREAD, Jt: 1}, refuse(unix.EPERM), allow,
	}
	for _, call := range forbidden {
		program = append(program, unix.SockFilter{Code: equal, K: uint32(call), Jf: 1}, refuse(unix.EPERM))
	}
	program = append(program, allow)
	f := unix.SockFprog{Len: uint16(len(program)), Filter: &program[0]}
	return unix.Prctl(unix.PR_SET_SECCOMP, unix.SECCOMP_MODE_FILTER, uintptr(unsafe.Pointer(&f)), 0, 0)
}
