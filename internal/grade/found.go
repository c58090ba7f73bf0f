package grade

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// Found is a notebook that was handed in.
type Found struct {
	Student, Path string
	linked        bool // a folder on the way to it is a link, perhaps into another student's
}

// Find lists the notebooks of these files and folders, in the order of their
// names. Links to folders are not followed. A student is called after the first
// folder in which the paths differ, as in submitted/li/1.1-convolution.ipynb and
// /home/li/work/1.1-convolution.ipynb, and after the file where there is none.
func Find(paths []string) ([]Found, error) {
	var files []string
	base := ""
	for i, path := range paths {
		path, err := filepath.Abs(path)
		if err != nil {
			return nil, err
		}
		info, err := os.Lstat(path)
		if err != nil {
			return nil, err
		}
		dir := path
		if !info.IsDir() {
			files, dir = append(files, path), filepath.Dir(path)
		} else if err := filepath.WalkDir(path, func(file string, d fs.DirEntry, err error) error {
			switch {
			case err != nil && file == path:
				return err
			case err != nil:
				return fmt.Errorf("%s cannot be read, so the work in it would be missing: %w", file, err)
			case d.IsDir() && file != path && strings.HasPrefix(d.Name(), "."): // .ipynb_checkpoints
				return filepath.SkipDir
			case !d.IsDir() && strings.HasSuffix(d.Name(), ".ipynb"):
				files = append(files, file)
			}
			return nil
		}); err != nil {
			return nil, err
		}
		if i == 0 {
			base = dir
		}
		for rel, err := filepath.Rel(base, dir); err != nil || rel == ".." || strings.HasPrefix(rel, ".."+string(filepath.Separator)); rel, err = filepath.Rel(base, dir) {
			base = filepath.Dir(base)
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there is no notebook in %s", strings.Join(paths, ", "))
	}
	realBase, err := filepath.EvalSymlinks(base)
	if err != nil {
		return nil, err
	}
	var found []Found
	for _, file := range files {
		rel, err := filepath.Rel(base, file)
		if err != nil {
			return nil, err
		}
		student, _, deeper := strings.Cut(rel, string(filepath.Separator))
		if !deeper {
			student = strings.TrimSuffix(student, ".ipynb")
		}
		real, err := filepath.EvalSymlinks(filepath.Dir(file))
		if err != nil {
			return nil, err
		}
		found = append(found, Found{student, file, real != filepath.Join(realBase, filepath.Dir(rel))})
	}
	return found, nil
}
