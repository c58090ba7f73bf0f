//go:build linux

package faults

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"convlab/internal/labdir"
)

// fast are the variables with which a training takes a second: the pure-Go
// backend, which compiles nothing, and eight steps an epoch.
var fast = []string{"CONVLAB_FAST=1", "GOMLX_BACKEND=go"}

const epochs = 3 // of the trainings here

func trainTo(t testing.TB, epochs int, dir string) []string {
	return []string{program(t, "convlab"), "train", "3.1", "--batch", "16", "--valid", "0", "--keep-all", "--epochs", number(epochs), "--dir", dir}
}

// reference is the folder of trainings that nothing disturbed: one/ after its
// first epoch and all/ after all. It is made once.
func reference(t testing.TB) string {
	t.Helper()
	trained.Do(func() {
		dir := filepath.Join(filepath.Dir(program(t, "convlab")), "reference")
		for n, name := range map[int]string{1: "one", epochs: "all"} {
			words := trainTo(t, n, filepath.Join(dir, name))
			if r := run(t, longest, root(), append(environment(dir), fast...), words[0], words[1:]...); r.code != 0 {
				t.Fatalf("the undisturbed training: exit code %d\n%s", r.code, r.out)
			}
		}
		trainedIn = dir
	})
	if trainedIn == "" {
		t.Fatal("there is no undisturbed training")
	}
	return trainedIn
}

var (
	trained   sync.Once
	trainedIn string
)

func keptAt(epoch int) string { return fmt.Sprintf("epoch-%06d-step-000008.ckpt", epoch) }

// training goes on after its first epoch and has to end with the weights of
// the undisturbed one, bit for bit, with all epochs' checkpoints.
func training(t testing.TB) job {
	want := reference(t)
	first := filepath.Join(want, "one", keptAt(1))
	return job{what: "`convlab train`", env: fast,
		prepare: func(dir string) error {
			if err := os.Mkdir(filepath.Join(dir, "run"), 0o755); err != nil {
				return err
			}
			return copyFile(first, filepath.Join(dir, "run", keptAt(1)))
		},
		command: func(dir string) []string { return trainTo(t, epochs, filepath.Join(dir, "run")) },
		kept:    func(dir string) error { return same(filepath.Join(dir, "run", keptAt(1)), first) },
		done: func(dir string) error {
			for epoch := 1; epoch <= epochs; epoch++ {
				if err := sameWeights(filepath.Join(dir, "run", keptAt(epoch)), filepath.Join(want, "all", keptAt(epoch))); err != nil {
					return err
				}
			}
			return same(filepath.Join(dir, "run", keptAt(1)), first)
		}}
}

// writing is a command that writes the file name in place of an old one. made
// gives the command for a file, with the old or the new content.
func writing(t testing.TB, what, name string, env []string, made func(file string, old bool) []string) job {
	t.Helper()
	good := t.TempDir()
	for _, old := range []bool{true, false} {
		file := filepath.Join(good, fmt.Sprint(old)+"-"+name)
		words := made(file, old)
		if r := run(t, longest, root(), append(environment(good), env...), words[0], words[1:]...); r.code != 0 {
			t.Fatalf("%s: exit code %d\n%s", what, r.code, r.out)
		}
	}
	was, will := filepath.Join(good, "true-"+name), filepath.Join(good, "false-"+name)
	return job{what: what, env: env,
		prepare: func(dir string) error { return copyFile(was, filepath.Join(dir, name)) },
		command: func(dir string) []string { return made(filepath.Join(dir, name), false) },
		kept:    func(dir string) error { return oneOf(filepath.Join(dir, name), was, will) },
		done:    func(dir string) error { return same(filepath.Join(dir, name), will) }}
}

// exporting writes a trained network over one that was trained less.
func exporting(t testing.TB, format string) job {
	env := fast
	if format == "stablehlo" {
		env = []string{"CONVLAB_FAST=1"} // needs XLA
	}
	return writing(t, "`convlab export` to ."+format, "net."+format, env, func(file string, old bool) []string {
		dir := filepath.Join(reference(t), "all")
		if old {
			dir = filepath.Join(reference(t), "one")
		}
		return []string{program(t, "convlab"), "export", "3.1", "--dir", dir, file}
	})
}

// drawing writes a film over another.
func drawing(t testing.TB, format string) job {
	return writing(t, "`convlab draw` to ."+format, "slide."+format, nil, func(file string, old bool) []string {
		side := "7x7"
		if old {
			side = "5x5"
		}
		return []string{program(t, "convlab"), "draw", "slide", "--input", side, "--kernel", "3", "-o", file}
	})
}

// importing takes weights into a new folder.
func importing(t testing.TB) job {
	given := t.TempDir()
	open(t, filepath.Dir(given)) // for who runs the job without permissions
	file := filepath.Join(given, "net.pth")
	if r := run(t, longest, root(), append(environment(t.TempDir()), fast...), program(t, "convlab"), "export", "3.1", "--dir", filepath.Join(reference(t), "one"), file); r.code != 0 {
		t.Fatalf("export: exit code %d\n%s", r.code, r.out)
	}
	// An import that was killed after its last rename is done: the command then
	// says that the folder has checkpoints. The next run is that of a user who
	// looks: it imports only where nothing is.
	return job{what: "`convlab import`", env: fast,
		prepare: func(dir string) error { return os.Mkdir(filepath.Join(dir, "run"), 0o755) },
		command: func(dir string) []string {
			run := filepath.Join(dir, "run")
			return []string{"bash", "-c", `ls "$1"/*.ckpt >/dev/null 2>&1 || "$2" import 3.1 --dir "$1" "$3"`, "import", run, program(t, "convlab"), file}
		},
		kept: func(dir string) error { return nil },
		done: func(dir string) error {
			out := filepath.Join(t.TempDir(), "net.pth")
			r := run(t, longest, root(), append(environment(dir), fast...), program(t, "convlab"), "export", "3.1", "--dir", filepath.Join(dir, "run"), out)
			if r.code != 0 {
				return fmt.Errorf("exit code %d of export: %s", r.code, r.out)
			}
			return same(out, file)
		}}
}

// reporting measures a network and writes what came out.
func reporting(t testing.TB) job {
	old := []byte("the report of another day\n")
	whole := func(dir string) error {
		for _, name := range []string{"report.json", "report.png"} {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				return err
			}
			ends := map[string]string{".json": "}\n", ".png": "IEND\xaeB`\x82"}[filepath.Ext(name)]
			if !bytes.Equal(data, old) && !bytes.HasSuffix(data, []byte(ends)) {
				return fmt.Errorf("%s is half", name)
			}
		}
		return nil
	}
	return job{what: "`convlab eval --report`", env: []string{"CONVLAB_FAST=1"},
		prepare: func(dir string) error {
			return errors.Join(os.WriteFile(filepath.Join(dir, "report.json"), old, 0o644), os.WriteFile(filepath.Join(dir, "report.png"), old, 0o644))
		},
		command: func(dir string) []string {
			return []string{program(t, "convlab"), "eval", "3.1", "--dir", filepath.Join(reference(t), "all"), "--report", filepath.Join(dir, "report")}
		},
		kept: whole,
		done: func(dir string) error {
			if data, err := os.ReadFile(filepath.Join(dir, "report.json")); err != nil || bytes.Equal(data, old) {
				return fmt.Errorf("the report is still the old one (%v)", err)
			}
			return whole(dir)
		}}
}

// fetching copies the data set from another folder into one that holds a
// wrong file.
func fetching(t testing.TB) job {
	from := labdir.Data()
	names := []string{"data_batch_1.bin", "data_batch_2.bin", "data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", "test_batch.bin"}
	if _, err := os.Stat(filepath.Join(from, names[0])); err != nil {
		t.Fatalf("set-up has to bring the data set first: %v", err)
	}
	wrong := []byte("not the data set")
	return job{what: "`convlab data --from`",
		prepare: func(dir string) error {
			if err := os.Mkdir(filepath.Join(dir, "data"), 0o755); err != nil {
				return err
			}
			return os.WriteFile(filepath.Join(dir, "data", names[1]), wrong, 0o644)
		},
		command: func(dir string) []string {
			return []string{program(t, "convlab"), "data", "--from", from, "--data", filepath.Join(dir, "data")}
		},
		kept: func(dir string) error {
			for _, name := range names {
				file := filepath.Join(dir, "data", name)
				data, err := os.ReadFile(file)
				switch {
				case errors.Is(err, fs.ErrNotExist) && name != names[1]:
				case err != nil:
					return err
				case name == names[1] && bytes.Equal(data, wrong):
				default:
					if err := same(file, filepath.Join(from, name)); err != nil {
						return err
					}
				}
			}
			return nil
		},
		done: func(dir string) error {
			for _, name := range names {
				if err := same(filepath.Join(dir, "data", name), filepath.Join(from, name)); err != nil {
					return err
				}
			}
			return nil
		}}
}
