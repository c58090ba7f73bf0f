package guard

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// prefix begins the name of a guard's folder.
const prefix = "convlab-kernel-"

// makeFolder makes a folder in dir that is locked as long as the file or a
// copy of it in another process is open.
func makeFolder(dir string) (string, *os.File, error) {
	for range 100 {
		folder, err := os.MkdirTemp(dir, prefix+"*")
		if err != nil {
			return "", nil, err
		}
		lock, err := lockFolder(folder)
		if err == nil {
			return folder, lock, nil
		}
		// Another guard swept it before it was locked.
		if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, syscall.EWOULDBLOCK) {
			return "", nil, err
		}
	}
	return "", nil, fmt.Errorf("%s: every folder for temporary files is removed as soon as it is made", dir)
}

// lockFolder locks a folder that no living process has locked.
func lockFolder(folder string) (*os.File, error) {
	f, err := os.Open(folder)
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		f.Close()
		return nil, err
	}
	locked, err := f.Stat()
	if err == nil {
		var there fs.FileInfo
		if there, err = os.Lstat(folder); err == nil && !os.SameFile(locked, there) {
			err = fs.ErrNotExist
		}
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// sweep ends the processes and removes the folders of this user's guards that
// were killed. What it cannot remove it leaves to the next.
func sweep(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		folder := filepath.Join(dir, e.Name())
		info, err := e.Info()
		if err != nil || !e.IsDir() || !strings.HasPrefix(e.Name(), prefix) || info.Sys().(*syscall.Stat_t).Uid != uint32(os.Getuid()) {
			continue
		}
		lock, err := lockFolder(folder)
		if err != nil {
			continue
		}
		endUsers(folder)
		os.RemoveAll(folder)
		lock.Close()
	}
}

// endUsers kills the processes that were started with TMPDIR at the folder.
func endUsers(folder string) {
	for begin := time.Now(); time.Since(begin) < Grace; time.Sleep(5 * time.Millisecond) {
		var found bool
		for _, pid := range processes() {
			environ, err := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid))
			if err != nil || !bytes.Contains(append([]byte{0}, environ...), []byte("\x00TMPDIR="+folder+"\x00")) {
				continue
			}
			found = true
			syscall.Kill(pid, syscall.SIGKILL)
		}
		if !found {
			return
		}
	}
}

// processes are the numbers of all processes that can be seen.
func processes() []int {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil
	}
	var pids []int
	for _, e := range entries {
		if pid, err := strconv.Atoi(e.Name()); err == nil {
			pids = append(pids, pid)
		}
	}
	return pids
}

// children are the processes whose parent is pid.
func children(pid int) []int {
	var of []int
	for _, p := range processes() {
		stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p))
		if err != nil {
			continue
		}
		// The second field is a name that may hold anything, in parentheses.
		fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
		if len(fields) > 1 && fields[1] == strconv.Itoa(pid) {
			of = append(of, p)
		}
	}
	return of
}
