package main

import (
	"bufio"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// hashes compares the installed programs and plugins with the list that set-up
// wrote of them, done/hashes in the lab folder: lines of a SHA-256 and a path,
// as sha256sum prints them.
func hashes(dir string) finding {
	f := finding{verdict: missing, name: "hashes", needed: false}
	list := filepath.Join(dir, "done", "hashes")
	file, err := os.Open(list)
	if err != nil {
		f.text, f.todo = "set-up has kept none in "+list, setup
		return f
	}
	defer file.Close()
	var same int
	var changed []string
	for lines := bufio.NewScanner(file); lines.Scan(); {
		want, name, cut := strings.Cut(lines.Text(), "  ")
		if !cut {
			return finding{broken, "hashes", fmt.Sprintf("%s: %q is no line of sha256sum", list, lines.Text()), "remove it and " + setup, true}
		}
		got, err := sha256Of(filepath.Join(dir, name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
			changed = append(changed, name+" is gone")
		case err != nil:
			changed = append(changed, err.Error())
		case got != want:
			changed = append(changed, name+" was changed since set-up")
		default:
			same++
		}
	}
	if len(changed) > 0 {
		return finding{broken, "hashes", strings.Join(changed, ", "), fmt.Sprintf("remove %s and %s", filepath.Join(dir, "done"), setup), true}
	}
	return finding{ok, "hashes", fmt.Sprintf("%d programs and plugins are as set-up left them", same), "", true}
}

func sha256Of(path string) (string, error) {
	f, err := os.Open(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return "", err
	}
	return fmt.Sprintf("%x", h.Sum(nil)), nil
}
