package atomicfile

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
)

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a.json")
	for _, content := range []string{"first, and longer", "second"} {
		if err := WriteFile(file, []byte(content)); err != nil {
			t.Fatal(err)
		}
		if got, err := os.ReadFile(file); err != nil || string(got) != content {
			t.Errorf("%q, %v, want %q", got, err, content)
		}
	}
	broken := errors.New("broken")
	err := Write(file, func(w io.Writer) error {
		io.WriteString(w, "half")
		return broken
	})
	if got, _ := os.ReadFile(file); !errors.Is(err, broken) || !strings.Contains(err.Error(), file) || string(got) != "second" {
		t.Errorf("after a failure %q, %v", got, err)
	}
	if err := WriteFile(filepath.Join(dir, "none", "a"), nil); err == nil || !strings.Contains(err.Error(), filepath.Join("none", "a")) {
		t.Errorf("into a folder that is not there: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left in the folder: %v, %v", left, err)
	}
}

// TestSweep: what nobody holds is removed by the next write, whatever the
// folder is called; what is held, and what only looks alike, stays.
func TestSweep(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there are no locks: files are removed after a day")
	}
	dir := filepath.Join(t.TempDir(), "[a] *")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{prefix + "0123" + suffix, prefix + "notes", "mine" + suffix} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("x"), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	names := func() []string {
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, e := range entries {
			all = append(all, e.Name())
		}
		return all
	}
	if err := os.MkdirAll(filepath.Join(dir, prefix+"4567"+suffix, "deep"), 0o755); err != nil {
		t.Fatal(err)
	}
	err := Write(filepath.Join(dir, "outer"), func(w io.Writer) error {
		if got := len(names()); got != 3 {
			t.Errorf("while one file is written there are %q", names())
		}
		if err := WriteFile(filepath.Join(dir, "inner"), []byte("inner")); err != nil {
			return err
		}
		_, err := io.WriteString(w, "outer")
		return err
	})
	if got := names(); err != nil || !slices.Equal(got, []string{prefix + "notes", "inner", "mine" + suffix, "outer"}) {
		t.Errorf("%q, %v", got, err)
	}
	if err := Writable(dir); err != nil || len(names()) != 4 {
		t.Errorf("%q, %v", names(), err)
	}
	folder, remove, err := Folder(dir)
	if err != nil {
		t.Fatal(err)
	}
	Sweep(dir)
	if info, err := os.Stat(folder); err != nil || !info.IsDir() {
		t.Errorf("a folder that is held: %v, %v", info, err)
	}
	remove()
	if len(names()) != 4 {
		t.Errorf("after a folder was used: %q", names())
	}
}

// TestManyWriters: goroutines that write one file and sweep at the same time
// never lose it, and leave nothing.
func TestManyWriters(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "a")
	var writers sync.WaitGroup
	for i := range 8 {
		writers.Go(func() {
			for range 50 {
				if err := WriteFile(file, bytes.Repeat([]byte{byte('a' + i)}, 1000)); err != nil {
					t.Error(err)
				}
				if got, err := os.ReadFile(file); err != nil || len(got) != 1000 || bytes.Count(got, got[:1]) != 1000 {
					t.Errorf("%d bytes, %v", len(got), err)
				}
			}
		})
	}
	writers.Wait()
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left %v, %v", left, err)
	}
}

// TestOtherTargets: permissions are kept, links are followed, a pipe is written
// to and stays a pipe, a folder is refused.
func TestOtherTargets(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links and permissions are of another kind")
	}
	dir := t.TempDir()
	file, link := filepath.Join(dir, "a"), filepath.Join(dir, "link")
	if err := errors.Join(os.WriteFile(file, nil, 0o600), os.Chmod(file, 0o640), os.Symlink("a", link)); err != nil {
		t.Fatal(err)
	}
	if err := WriteFile(link, []byte("new")); err != nil {
		t.Fatal(err)
	}
	if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
		t.Errorf("the link became %v, %v", info, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o640 || info.Size() != 3 {
		t.Errorf("%v, %v", info, err)
	}
	if err := WriteFile(os.DevNull, []byte("x")); err != nil {
		t.Error(err)
	}
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode()&os.ModeDevice == 0 {
		t.Errorf("%s became %v, %v", os.DevNull, info, err)
	}
	if err := WriteFile(dir, nil); err == nil || !strings.Contains(err.Error(), "is a folder") {
		t.Errorf("onto a folder: %v", err)
	}
}
