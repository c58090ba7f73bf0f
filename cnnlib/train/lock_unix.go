//go:build linux || darwin

package train

import (
	"errors"
	"fmt"
	"os"
	"syscall"
)

// lock keeps other processes from training in dir until unlock is called or
// this process ends, in whatever way.
func lock(dir string) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	f, err := os.Open(dir)
	if err != nil {
		return nil, fmt.Errorf("train: %w", err)
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		f.Close()
		return nil, fmt.Errorf("train: %s is %w: wait for that, or use another folder", dir, ErrBusy)
	} // another error: a file system without locks
	return func() { f.Close() }, nil
}
