//go:build linux

package faults

import (
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

// nobody is who runs a command that is to lack permissions: another user where
// the tests run as root, who has them all; else the same.
func nobody() *syscall.Credential {
	if os.Getuid() != 0 {
		return nil
	}
	return &syscall.Credential{Uid: 65534, Gid: 65534}
}

// runAs runs a command as another user.
func runAs(t testing.TB, who *syscall.Credential, dir string, env []string, words ...string) result {
	t.Helper()
	return startAs(t, who, dir, env, words[0], words[1:]...).wait(longest)
}

// open lets others read what is in a folder of the tests.
func open(t testing.TB, dir string) {
	t.Helper()
	if err := os.Chmod(dir, 0o755); err != nil {
		t.Fatal(err)
	}
}

// folders sets the permissions of dir and of all folders below it.
func folders(t testing.TB, dir string, mode fs.FileMode) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() {
			err = os.Chmod(path, mode)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
