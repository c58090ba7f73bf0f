//go:build !unix || aix || solaris

package atomicfile

import (
	"os"
	"time"
)

// hold does nothing where there is no flock.
func hold(*os.File) bool { return true }

// rename gives f its right name. An open file cannot be renamed everywhere.
func rename(f *os.File, name string) error {
	if err := f.Close(); err != nil {
		return err
	}
	return os.Rename(f.Name(), name)
}

// removeAbandoned removes a file that nobody wrote to for a day.
func removeAbandoned(name string) {
	if info, err := os.Stat(name); err == nil && time.Since(info.ModTime()) > 24*time.Hour {
		os.RemoveAll(name)
	}
}
