//go:build linux

package faults

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"convlab/internal/labdir"
	"convlab/internal/skiptest"
)

// A step is one of set-up's, as a target of the Makefile.
type step struct {
	name     string // of its file in .lab/done
	how      string // what is not as in a set-up, for the row
	products []string
	whole    bool // needs all files of the checkout, not only those of set-up
	// before prepares the lab folder and the checkout.
	before func(checkout string) error
	random [2]int // tries at random moments, in short and in full
	calls  bool   // also before each call
}

// requirement is a package of tools/python/jupyter.txt, with its hashes.
var requirement = regexp.MustCompile(`(?m)^traitlets==(.*\\\n)*.*\n`)

var steps = []step{
	{name: "checked", products: []string{"done/at"}, random: [2]int{2, 50}, calls: true},
	{name: "kernel", products: []string{"venv/share/jupyter/kernels/gonb/kernel.json"}, random: [2]int{2, 50}, calls: true, before: func(dir string) error {
		from, to := labdir.Dir(), filepath.Join(dir, ".lab")
		return errors.Join(os.MkdirAll(filepath.Join(to, "venv"), 0o755), os.Symlink(filepath.Join(from, "venv", "bin"), filepath.Join(to, "venv", "bin")),
			os.Symlink(filepath.Join(from, "bin"), filepath.Join(to, "bin")))
	}},
	{name: "venv", how: ", with one package of JupyterLab's", products: []string{"venv/bin/python", "venv/share/jupyter/lab/settings/overrides.json"}, random: [2]int{0, 50}, before: func(dir string) error {
		file := filepath.Join(dir, "tools", "python", "jupyter.txt")
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		make, err := os.ReadFile(filepath.Join(dir, "Makefile"))
		if err != nil {
			return err
		}
		return errors.Join(os.WriteFile(file, requirement.Find(text), 0o644),
			os.WriteFile(filepath.Join(dir, "Makefile"), []byte(strings.Replace(string(make), "import jupyterlab, nbclient, jupytext", "import traitlets", 1)), 0o644))
	}},
	{name: "plugin", products: []string{"plugins/pjrt_c_api_cpu_plugin.so"}, random: [2]int{0, 50}, before: func(dir string) error {
		return errors.Join(os.MkdirAll(filepath.Join(dir, ".lab", "venv"), 0o755),
			os.Symlink(filepath.Join(labdir.Dir(), "venv", "bin"), filepath.Join(dir, ".lab", "venv", "bin")))
	}},
	{name: "tools", products: []string{"bin/gonb", "bin/goimports", "bin/gopls", "bin/staticcheck"}, random: [2]int{0, 50}},
	{name: "convlab", how: ", with what is compiled kept for all tries", products: []string{"bin/convlab", "bin/convserve"}, whole: true, random: [2]int{0, 50}, before: func(dir string) error {
		file := filepath.Join(dir, "Makefile")
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		// Go compiles anew what lies in another folder, unless it leaves the
		// names of folders out of programs.
		return os.WriteFile(file, []byte(strings.Replace(string(text), "go build -o .lab/bin/", "go build -trimpath -o .lab/bin/", 1)), 0o644)
	}},
	{name: "browser", products: []string{"browser/node_modules/playwright-core/package.json"}, whole: true, random: [2]int{0, 50}},
}

// TestKillSetup kills each step of set-up in a copy of the checkout, with all
// its children, as a machine that is switched off does. The next `make` has to
// bring the step to its end, and nothing temporary stays.
func TestKillSetup(t *testing.T) {
	if _, err := os.Stat(filepath.Join(labdir.Dir(), "venv", "bin", "python")); err != nil {
		skiptest.Missing(t, "set-up")
	}
	for _, s := range steps {
		t.Run(s.name, func(t *testing.T) {
			j := s.job(t)
			if n := times(s.random[0], s.random[1]); n > 0 {
				t.Run("random", func(t *testing.T) { j.atRandom(t, n) })
			}
			if s.calls {
				t.Run("calls", func(t *testing.T) { j.atCalls(t, times(2, all)) })
			}
		})
	}
}

func (s step) job(t *testing.T) job {
	files := []string{"Makefile", "tools", "go.mod", "go.sum"}
	if s.whole {
		files = strings.Split(strings.TrimSuffix(output(t, root(), nil, "git", "ls-files", "-z"), "\x00"), "\x00")
	}
	precious := filepath.Join(".lab", "runs", "thesis.ckpt")
	folder := func(dir string) string { return filepath.Join(dir, "my checkout") }
	return job{what: "`make .lab/done/" + s.name + "`" + s.how,
		prepare: func(dir string) error {
			to := folder(dir)
			err := os.MkdirAll(filepath.Join(to, ".lab", "runs"), 0o755)
			copying := exec.Command("cp", append(append([]string{"-r", "--parents"}, files...), to)...)
			copying.Dir = root()
			if out, failed := copying.CombinedOutput(); failed != nil {
				err = errors.Join(err, fmt.Errorf("cp: %s", out))
			}
			err = errors.Join(err, os.WriteFile(filepath.Join(to, precious), []byte("years of work"), 0o644))
			if s.before != nil {
				err = errors.Join(err, s.before(to))
			}
			if s.name == "checked" || err != nil {
				return err
			}
			real, err := filepath.EvalSymlinks(to)
			err = errors.Join(err, os.MkdirAll(filepath.Join(to, ".lab", "done"), 0o755), os.WriteFile(filepath.Join(to, ".lab", "done", "at"), []byte(real+"\n"), 0o644))
			for _, other := range []string{"checked", "tools", "venv", "convlab"} {
				if other != s.name {
					err = errors.Join(err, os.WriteFile(filepath.Join(to, ".lab", "done", other), nil, 0o644))
				}
			}
			return err
		},
		command: func(dir string) []string {
			return []string{"env", "-u", "CONVLAB_LAB", "make", "--no-print-directory", "-C", folder(dir), ".lab/done/" + s.name}
		},
		kept: func(dir string) error {
			_, err := os.Stat(filepath.Join(folder(dir), precious))
			return err
		},
		done: func(dir string) error {
			lab := filepath.Join(folder(dir), ".lab")
			for _, product := range append(s.products, "done/"+s.name, "runs/thesis.ckpt") {
				if info, err := os.Stat(filepath.Join(lab, product)); err != nil {
					return err
				} else if info.Size() == 0 && !strings.HasPrefix(product, "done/") {
					return fmt.Errorf("%s is empty", product)
				}
			}
			for _, name := range []string{"bin", "tmp", "."} {
				entries, _ := os.ReadDir(filepath.Join(lab, name)) // not all are there
				for _, e := range entries {
					if name == "tmp" || strings.HasPrefix(e.Name(), "try.") || strings.HasSuffix(e.Name(), ".new") {
						return fmt.Errorf("%s is left in %s", e.Name(), name)
					}
				}
			}
			switch s.name {
			case "kernel":
				return json.Unmarshal(content(t, filepath.Join(lab, s.products[0])), &struct{}{})
			case "convlab", "tools":
				for _, product := range s.products { // a half program does not start
					out, err := exec.Command(filepath.Join(lab, product), "-h").CombinedOutput()
					var exit *exec.ExitError
					if err != nil && !(errors.As(err, &exit) && exit.Exited()) {
						return fmt.Errorf("%s: %w: %s", product, err, out)
					}
				}
			}
			return nil
		}}
}
