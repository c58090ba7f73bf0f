//go:build unix && !aix && !solaris

package atomicfile

import (
	"errors"
	"os"
	"syscall"
	"time"
)

// hold locks a new file of this process until it is closed or the process
// ends, in whatever way. False: another process took it for abandoned.
func hold(f *os.File) bool {
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		return false
	} // another error: a file system without locks
	mine, err := f.Stat()
	if err != nil {
		return true
	}
	named, err := os.Stat(f.Name())
	return err == nil && os.SameFile(mine, named)
}

// rename gives f its right name while it is held.
func rename(f *os.File, name string) error { return os.Rename(f.Name(), name) }

// removeAbandoned removes a file if nobody holds it; on a file system without
// locks, if nobody wrote to it for a day.
func removeAbandoned(name string) {
	f, err := os.Open(name)
	if err != nil {
		return // gone, or another user's
	}
	defer f.Close()
	switch err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
	case errors.Is(err, syscall.EWOULDBLOCK):
		return
	case err != nil:
		if info, err := f.Stat(); err != nil || time.Since(info.ModTime()) < 24*time.Hour {
			return
		}
	}
	os.RemoveAll(name)
}
