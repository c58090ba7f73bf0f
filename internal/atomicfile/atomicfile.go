// Package atomicfile writes files that are there whole or not at all: under a name
// of its own first, then on the disk, then under the right name.
//
// A process that is killed while it writes leaves the file of the first name.
// The next write to the same folder removes it, and leaves those alone that
// living processes are writing: each holds a lock on its file until the file
// has its right name. Folders for what a process needs while it works are held
// and removed in the same way.
package atomicfile

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// What a first name begins and ends with; between them stand random digits.
// tools/atomicfile.py writes under the same names.
const (
	prefix = ".convlab-"
	suffix = ".tmp"
)

// Write lets fill write a file, in place of one that is there and with its
// permissions. On an error what was there stays, and the error names the file.
// A link is followed; to what is no regular file, as a pipe, fill writes
// straight.
func Write(file string, fill func(io.Writer) error) error {
	mode := fs.FileMode(0)
	switch info, err := os.Stat(file); {
	case err == nil && info.IsDir():
		return &fs.PathError{Op: "write", Path: file, Err: errors.New("is a folder")}
	case err == nil && !info.Mode().IsRegular():
		return straight(file, fill)
	case err == nil:
		mode = info.Mode().Perm()
	}
	target := file
	if real, err := filepath.EvalSymlinks(file); err == nil {
		target = real
	}
	Sweep(filepath.Dir(target))
	f, err := create(filepath.Dir(target))
	if err != nil {
		return of(file, err)
	}
	defer os.Remove(f.Name()) // gone already when all went well
	defer f.Close()
	if err := fill(f); err != nil {
		return of(file, err)
	}
	if mode != 0 {
		if err := f.Chmod(mode); err != nil {
			return of(file, err)
		}
	}
	if err := f.Sync(); err != nil {
		return of(file, err)
	}
	if err := rename(f, target); err != nil {
		return of(file, err)
	}
	if d, err := os.Open(filepath.Dir(target)); err == nil { // the new name is to outlive a crash too
		d.Sync() // some file systems cannot; the file is whole either way
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

// Writable makes the folder and tries to write in it, so that long work does
// not find out at its end that it cannot save.
func Writable(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	Sweep(dir)
	f, err := create(dir)
	if err != nil {
		return of(dir, err)
	}
	_, err = f.Write([]byte("convlab"))
	f.Close()
	os.Remove(f.Name())
	return of(dir, err)
}

// Sweep removes what killed processes were writing in dir. What it cannot
// remove stays: it is in nobody's way.
func Sweep(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		if !e.IsDir() && !e.Type().IsRegular() {
			continue // in a folder of many users a pipe of that name would be waited for
		}
		if strings.HasPrefix(e.Name(), prefix) && strings.HasSuffix(e.Name(), suffix) {
			removeAbandoned(filepath.Join(dir, e.Name()))
		}
	}
}

// Folder makes a folder in dir for what this process needs until it calls remove.
// Those of killed processes are removed first.
func Folder(dir string) (folder string, remove func(), err error) {
	Sweep(dir)
	f, err := held(dir, func(name string) (*os.File, error) {
		if err := os.Mkdir(name, 0o700); err != nil {
			return nil, err
		}
		f, err := os.Open(name)
		if errors.Is(err, fs.ErrNotExist) {
			return nil, fs.ErrExist // another process removed it: another name
		} else if err != nil {
			os.Remove(name)
		}
		return f, err
	})
	if err != nil {
		return "", nil, err
	}
	return f.Name(), func() {
		f.Close()
		os.RemoveAll(f.Name())
	}, nil
}

// create makes a file of a first name in dir and holds it.
func create(dir string) (*os.File, error) {
	return held(dir, func(name string) (*os.File, error) { return os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o666) })
}

// held holds what make makes of a first name in dir. If make says that it is
// there already, it is asked for another one.
func held(dir string, make func(name string) (*os.File, error)) (*os.File, error) {
	for {
		name := filepath.Join(dir, fmt.Sprintf("%s%016x%s", prefix, rand.Uint64(), suffix))
		f, err := make(name)
		if errors.Is(err, fs.ErrExist) {
			continue
		} else if err != nil {
			return nil, err
		}
		if hold(f) {
			return f, nil
		}
		f.Close() // another process took it for abandoned before it was held
		os.Remove(name)
	}
}

// straight opens what is no regular file and lets fill write to it.
func straight(file string, fill func(io.Writer) error) error {
	f, err := os.OpenFile(file, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	return of(file, errors.Join(fill(f), f.Close()))
}

// of makes err, if any, an error about file. An error of the file system is
// told without the first name, which says nothing to a user.
func of(file string, err error) error {
	var path *fs.PathError
	var link *os.LinkError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &path) && strings.HasPrefix(filepath.Base(path.Path), prefix):
		err = path.Err
	case errors.As(err, &link):
		err = link.Err
	}
	return &fs.PathError{Op: "write", Path: file, Err: err}
}
