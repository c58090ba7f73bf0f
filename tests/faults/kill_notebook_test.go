//go:build linux

package faults

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"
)

// part is a part of a course of two cells: what is killed is the building.
const part = `---
jupyter:
  kernelspec:
    display_name: Go (convlab)
    language: go
    name: gonb
---

<!-- #region lang="en" -->
# 9.9 A part
<!-- #endregion -->
<!-- #region lang="zh" -->
# 9.9 一节
<!-- #endregion -->

` + "```go\n%noautoget\nimport \"fmt\"\n```\n\n```go\n%%\nfmt.Println(6 * 7)\n```\n"

// TestKillNotebooks kills the build of a notebook: its files are there whole,
// old or new, and the next build ends.
func TestKillNotebooks(t *testing.T) {
	l := newKernelLab(t)
	t.Cleanup(l.killAll)
	old := []byte(`{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}`)
	built := func(dir string, mayBeOld bool) error {
		for _, language := range []string{"en", "zh"} {
			file := filepath.Join(dir, "notebooks", language, "9.9-part.ipynb")
			data, err := os.ReadFile(file)
			if err != nil {
				return err
			}
			if mayBeOld && string(data) == string(old) {
				continue
			}
			var book struct {
				Cells []struct {
					Outputs []struct{ Text []string }
				}
			}
			if err := json.Unmarshal(data, &book); err != nil {
				return fmt.Errorf("%s: %w", file, err)
			}
			if n := len(book.Cells); n != 3 || len(book.Cells[2].Outputs) == 0 || book.Cells[2].Outputs[0].Text[0] != "42\n" {
				return fmt.Errorf("%s: %d cells: %s", file, n, data)
			}
		}
		return nil
	}
	j := job{what: "`notebooks/build.py`, a part of two cells in both languages", env: append(l.env, "CONVLAB_LAB="+l.dir),
		prepare: func(dir string) error {
			var err error
			for _, folder := range []string{"src", "en", "zh"} {
				err = errors.Join(err, os.MkdirAll(filepath.Join(dir, "notebooks", folder), 0o755))
			}
			for _, language := range []string{"en", "zh"} {
				err = errors.Join(err, os.WriteFile(filepath.Join(dir, "notebooks", language, "9.9-part.ipynb"), old, 0o644))
			}
			return errors.Join(err, os.WriteFile(filepath.Join(dir, "notebooks", "src", "9.9-part.md"), []byte(part), 0o644),
				copyFile(filepath.Join(root(), "notebooks", "build.py"), filepath.Join(dir, "notebooks", "build.py")),
				os.CopyFS(filepath.Join(dir, "tools"), os.DirFS(filepath.Join(root(), "tools"))))
		},
		command: func(dir string) []string {
			return []string{l.python, "-B", filepath.Join(dir, "notebooks", "build.py"), "9.9"}
		},
		kept: func(dir string) error { return built(dir, true) },
		done: func(dir string) error {
			if entries, err := os.ReadDir(filepath.Join(l.dir, "tmp")); len(entries) > 0 && !errors.Is(err, fs.ErrNotExist) {
				return fmt.Errorf("%s is left in .lab/tmp", entries[0].Name())
			}
			return built(dir, false)
		}}
	t.Run("random", func(t *testing.T) { j.atRandom(t, times(1, 50)) })
	if *full {
		t.Run("calls", func(t *testing.T) { j.atCalls(t, all) })
	}
}
