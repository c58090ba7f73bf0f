package whole

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
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
	if got, _ := os.ReadFile(file); !errors.Is(err, broken) || string(got) != "second" {
		t.Errorf("after a failure %q, %v", got, err)
	}
	if err := WriteFile(filepath.Join(dir, "none", "a"), nil); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("into a folder that is not there: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, ".first"), []byte("left by a killed process, and longer"), 0o600); err != nil {
		t.Fatal(err)
	}
	err = WriteThrough(filepath.Join(dir, ".first"), file, func(w io.Writer) error {
		_, err := io.WriteString(w, "third")
		return err
	})
	if got, _ := os.ReadFile(file); err != nil || string(got) != "third" {
		t.Errorf("through a chosen name: %q, %v", got, err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 1 {
		t.Errorf("left in the folder: %v, %v", left, err)
	}
}
