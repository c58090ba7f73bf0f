package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"
)

//go:embed cell.py
var cellScript string

// cellLimit is how long a cell may take, with the build of all packages.
const cellLimit = 4 * time.Minute

// suspects are variables that reach Jupyter, the kernel, the Go command or XLA.
// What the kernel spec sets itself cannot be at fault.
var suspects = regexp.MustCompile(`^(GO[A-Z0-9_]*|CGO_\w+|CC|CXX|GCC_\w+|TMPDIR|HOME|XDG_\w+|PYTHON\w*|JUPYTER\w*|IPYTHON\w*|XLA_\w+|PJRT_\w+|TF_\w+|LD_\w+|CUDA_\w+|OMP_\w+|PKG_CONFIG\w*|C_INCLUDE_PATH|CPATH|LIBRARY_PATH)$`)

// overridden are those that the kernel spec sets itself.
var overridden = []string{"GO111MODULE", "GOFLAGS", "GOWORK", "GOOS", "GOARCH", "CGO_ENABLED", "GOMLX_NO_AUTO_INSTALL"}

// rarelyAtFault orders the variables that are tried: what everybody has last.
func rarelyAtFault(name string) int {
	switch {
	case name == "HOME":
		return 2
	case strings.HasPrefix(name, "PYTHON"), strings.HasPrefix(name, "TF_"):
		return 1
	}
	return 0
}

// cell runs a cell through the kernel of the lab folder dir; when it fails, it
// finds out which variable of the environment is at fault.
func cell(ctx context.Context, dir string) finding {
	fmt.Fprintln(os.Stderr, "doctor: a cell is compiled and run through the kernel (some seconds, the first time a minute)")
	begin := time.Now()
	env := os.Environ()
	said, err := runCell(ctx, dir, env)
	if err == nil {
		return finding{ok, "a cell", fmt.Sprintf("%s, in %.0f s through the kernel", said, time.Since(begin).Seconds()), "", true}
	}
	f := finding{broken, "a cell", said, "see its message; " + setup, true}
	if ctx.Err() != nil {
		return f
	}
	fmt.Fprintln(os.Stderr, "doctor: it failed; is a variable of the environment at fault?")
	var set []string
	for _, v := range env {
		if name, _, _ := strings.Cut(v, "="); suspects.MatchString(name) && !slices.Contains(overridden, name) {
			set = append(set, name)
		}
	}
	slices.SortStableFunc(set, func(a, b string) int { return rarelyAtFault(a) - rarelyAtFault(b) })
	if _, err := runCell(ctx, dir, without(env, dir, set...)); err != nil {
		f.todo += "; " + "no variable of the environment is at fault" + limits()
		return f
	}
	var guilty []string
	for _, name := range set {
		if ctx.Err() != nil {
			return f
		}
		fmt.Fprintf(os.Stderr, "doctor: without %s\n", name)
		if _, err := runCell(ctx, dir, without(env, dir, name)); err == nil {
			guilty = []string{name}
			break
		}
	}
	if guilty == nil { // several: all those without which it does not do
		guilty = slices.Clone(set)
		for _, name := range set {
			less := slices.DeleteFunc(slices.Clone(guilty), func(n string) bool { return n == name })
			if _, err := runCell(ctx, dir, without(env, dir, less...)); err == nil {
				guilty = less
			}
		}
	}
	var parts, ways []string
	for _, name := range guilty {
		parts = append(parts, fmt.Sprintf("%s=%s", name, os.Getenv(name)))
		way := "`unset " + name + "`"
		if name == "HOME" {
			way = "`export HOME=" + home(dir) + "`"
		}
		ways = append(ways, way)
	}
	slices.Sort(ways)
	f.text = fmt.Sprintf("%s is at fault: without it a cell runs, with it: %s", strings.Join(parts, " "), said)
	f.todo = strings.Join(ways, " and ") + " in the terminal from which Jupyter starts"
	return f
}

// without is the environment without these variables. HOME gets another value,
// because nothing runs without it.
func without(env []string, dir string, names ...string) []string {
	env = slices.DeleteFunc(slices.Clone(env), func(v string) bool {
		name, _, _ := strings.Cut(v, "=")
		return slices.Contains(names, name)
	})
	if slices.Contains(names, "HOME") {
		env = append(env, "HOME="+home(dir))
	}
	return env
}

// home is the user's folder as the system knows it, else one in the lab.
func home(dir string) string {
	if u, err := user.Current(); err == nil {
		if info, err := os.Stat(u.HomeDir); err == nil && info.IsDir() {
			return u.HomeDir
		}
	}
	return filepath.Join(dir, "home")
}

// runCell runs the cell in an empty folder, the same each time, and returns the
// last line that says something.
func runCell(ctx context.Context, dir string, env []string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, cellLimit)
	defer cancel()
	folder := filepath.Join(dir, "doctor")
	if err := os.MkdirAll(folder, 0o777); err != nil {
		return err.Error(), err
	}
	command := exec.CommandContext(ctx, filepath.Join(dir, "venv", "bin", "python"), "-c", cellScript, filepath.Join(dir, "venv", "share", "jupyter", "kernels", "gonb"))
	command.Dir, command.Env = folder, env
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) } // it ends its kernel
	command.WaitDelay = 10 * time.Second
	out, err := command.CombinedOutput()
	if ctx.Err() == context.DeadlineExceeded {
		return fmt.Sprintf("nothing came within %v", cellLimit), ctx.Err()
	}
	return tells(string(out), err == nil), err
}

var (
	// What begins a line of GoNB's log; at its start it logs an "Error message" as a trial.
	logged  = regexp.MustCompile(`^[IWEF]\d{4} \S+ +\d+ \S+\] (\[\w+\] )?`)
	colours = regexp.MustCompile("\x1b\\[[0-9;]*m")
	telling = regexp.MustCompile(`(?i)error|cannot|can't|unable|failed|not found|no such|denied|undefined|invalid|unknown|takes the kernel|panic|no space`)
)

// tells is the line of the output that tells most: that of the cell, or the
// first that speaks of a failure, else the last.
func tells(out string, ran bool) string {
	var last, first string
	for line := range strings.Lines(colours.ReplaceAllString(out, "")) {
		line = logged.ReplaceAllString(strings.TrimSpace(line), "")
		switch {
		case ran && strings.HasPrefix(line, "the cell's logits"):
			return line
		case line == "" || line == "Error message" || strings.HasPrefix(line, "Traceback") || strings.HasPrefix(line, "File "):
			continue
		case first == "" && telling.MatchString(line):
			first = line
		}
		last = line
	}
	if first == "" {
		first = last
	}
	if len(first) > 300 {
		first = first[:300] + "..."
	}
	return first
}
