// Package whole writes files that are there whole or not at all: under a name
// of their own first, then on the disk, then under the right name.
package whole

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// Write lets fill write a file, in place of one that is there. On an error
// what was there stays.
func Write(file string, fill func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(file), "."+filepath.Base(file)+"-*")
	if err != nil {
		return err
	}
	return finish(f, file, fill)
}

// WriteThrough is Write where the first name is chosen by the caller, in the
// same folder, and nobody else writes to it. A file of that name, as a killed
// process leaves it, is overwritten, so that such files do not pile up.
func WriteThrough(first, file string, fill func(io.Writer) error) error {
	f, err := os.Create(first)
	if err != nil {
		return err
	}
	return finish(f, file, fill)
}

// finish fills f and gives it its name.
func finish(f *os.File, file string, fill func(io.Writer) error) error {
	defer os.Remove(f.Name()) // gone already when all went well
	if err := fill(f); err != nil {
		f.Close()
		return err
	}
	if err := errors.Join(f.Chmod(0o644), f.Sync(), f.Close()); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), file); err != nil {
		return err
	}
	if d, err := os.Open(filepath.Dir(file)); err == nil { // the new name is to outlive a crash too
		d.Sync()
		d.Close()
	}
	return nil
}

// WriteFile writes content.
func WriteFile(file string, content []byte) error {
	return Write(file, func(w io.Writer) error {
		_, err := w.Write(content)
		return err
	})
}
