// Package labdir finds what `make setup` laid down: the folder .lab of the
// checkout, with the PJRT plugins, the data set and the trained networks.
package labdir

import (
	"os"
	"path/filepath"
)

// Variable names the folder outright, for kernels and images whose working
// folder is elsewhere.
const Variable = "CONVLAB_LAB"

// Dir is the folder that CONVLAB_LAB names, else .lab in the nearest folder
// upwards from the working folder that has one, else .lab in the working
// folder, which may not exist.
func Dir() string {
	if dir := os.Getenv(Variable); dir != "" {
		return dir
	}
	here, err := os.Getwd()
	if err != nil {
		return ".lab"
	}
	dir, ok := Upwards(here, func(dir string) bool {
		info, err := os.Stat(filepath.Join(dir, ".lab"))
		return err == nil && info.IsDir()
	})
	if !ok {
		dir = here
	}
	return filepath.Join(dir, ".lab")
}

// Upwards is the nearest folder from this one upwards that it is; ok is false
// where there is none.
func Upwards(from string, it func(dir string) bool) (dir string, ok bool) {
	for dir := from; ; dir = filepath.Dir(dir) {
		if it(dir) {
			return dir, true
		}
		if dir == filepath.Dir(dir) {
			return "", false
		}
	}
}

// Plugins is the folder of the PJRT plugins.
func Plugins() string { return filepath.Join(Dir(), "plugins") }

// Data is the folder of the CIFAR-10 files.
func Data() string { return filepath.Join(Dir(), "data") }

// Runs is the folder of the trained networks' checkpoints: what CONVLAB_RUNS
// names, else runs.
func Runs() string {
	if dir := os.Getenv("CONVLAB_RUNS"); dir != "" {
		return dir
	}
	return filepath.Join(Dir(), "runs")
}

// Fast tells whether CONVLAB_FAST asks for a short form of everything long, so
// that a check of the notebooks takes minutes. Commands and notebooks ask, and
// tell package fastmode.
func Fast() bool { return os.Getenv("CONVLAB_FAST") != "" }
