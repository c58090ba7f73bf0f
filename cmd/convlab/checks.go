package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	goversion "go/version"
	"os"
	"os/exec"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"convlab/cifar"
	"convlab/internal/backend"
	"convlab/internal/kernels"

	"github.com/gomlx/gomlx/core/graph"
)

const (
	setup = "run `make setup`"
	minGo = "go1.26.5"
)

// examine looks at everything that the course needs, in the lab folder dir.
func examine(ctx context.Context, dir, data string, full bool) []finding {
	found := []finding{golang(ctx), modules()}
	found = append(found, backends()...)
	for _, tool := range []string{"gonb", "goimports", "gopls"} {
		found = append(found, program(filepath.Join(dir, "bin", tool), tool, tool != "gopls"))
	}
	found = append(found, kernel(filepath.Join(dir, "venv", "share", "jupyter", "kernels", "gonb", "kernel.json")),
		jupyter(ctx, filepath.Join(dir, "venv", "bin", "jupyter-lab")), dataSet(data, full), disk(dir))
	if full {
		found = append(found, hashes(dir), cell(ctx, dir))
	}
	return found
}

// output is the first line that a program prints.
func output(ctx context.Context, program string, args ...string) (string, error) {
	const limit = 2 * time.Minute // a machine with much to do is not broken
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	command := exec.CommandContext(ctx, program, args...)
	command.WaitDelay = time.Second
	out, err := command.Output()
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return "", fmt.Errorf("%s %s gave no answer within %v", filepath.Base(program), strings.Join(args, " "), limit)
	}
	var exit *exec.ExitError
	if errors.As(err, &exit) { // what it said last tells more than its exit code
		said := strings.TrimSpace(string(exit.Stderr))
		err = fmt.Errorf("%s %s failed: %s", filepath.Base(program), strings.Join(args, " "), cmp.Or(said[strings.LastIndex(said, "\n")+1:], exit.Error()))
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return line, err
}

func golang(ctx context.Context) finding {
	f := finding{name: "Go", needed: true}
	path, err := exec.LookPath("go")
	if err != nil {
		f.verdict, f.text, f.todo = missing, "no command go in PATH", "install Go 1.26.5 or newer, cells are compiled with it"
		return f
	}
	version, err := output(ctx, path, "env", "GOVERSION")
	if err != nil {
		f.verdict, f.text, f.todo = broken, fmt.Sprintf("%s: %v", path, err), "install Go again"
		return f
	}
	f.verdict, f.text = ok, version+", "+path
	if goversion.Compare(version, minGo) < 0 {
		f.verdict, f.todo = broken, "install Go 1.26.5 or newer"
	}
	return f
}

// modules tells the versions that this program was built with.
func modules() finding {
	f := finding{verdict: ok, name: "GoMLX"}
	var parts []string
	if info, found := debug.ReadBuildInfo(); found {
		for _, m := range info.Deps {
			switch m.Path {
			case "github.com/gomlx/gomlx", "github.com/gomlx/compute", "github.com/gomlx/go-xla":
				parts = append(parts, filepath.Base(m.Path)+" "+m.Version)
			}
		}
	}
	f.text = strings.Join(parts, ", ")
	return f
}

// backends opens the backend and computes a product with it.
func backends() []finding {
	if flags := os.Getenv("XLA_FLAGS"); flags != "" {
		fmt.Fprintf(os.Stderr, "doctor: XLA_FLAGS=%s is set: should XLA not know a flag of these, it ends this program here, and every cell; then `unset XLA_FLAGS`\n", flags)
	}
	choice, err := backend.Open()
	if err != nil {
		return []finding{{broken, "backend", err.Error(), "", true}}
	}
	found := []finding{{ok, "backend", choice.Name + ", because " + choice.Why, "", true}}
	if choice.Plugin != "" {
		found = append(found, finding{ok, "plugin", fmt.Sprintf("%s, PJRT API %s (convlab was made for %s)", choice.Plugin, choice.PJRT, backend.API), "", false})
	}
	if choice.Notice != "" {
		found = append(found, finding{missing, "plugin", choice.Notice, "", false})
	}
	found = append(found, finding{ok, "devices", fmt.Sprintf("%d, the first is %s", choice.Backend.NumDevices(), choice.Backend.DeviceDescription(0)), "", false})
	start := time.Now()
	got := "nothing"
	product, err := graph.CallOnce(choice.Backend, func(x *graph.Node) *graph.Node { return graph.MatMul(x, x) }, [][]float32{{1, 2}, {3, 4}})
	if err == nil {
		got = fmt.Sprint(product.Value())
	}
	if got != "[[7 10] [15 22]]" {
		return append(found, finding{broken, "a product", fmt.Sprintf("[[1 2] [3 4]] squared gave %s (%v)", got, err), "set GOMLX_BACKEND=go to do without XLA", true})
	}
	found = append(found, ourKernels(), convolutions(choice))
	return append(found, finding{ok, "a product", fmt.Sprintf("[[1 2] [3 4]] squared is [[7 10] [15 22]], compiled and run in %d ms", time.Since(start).Milliseconds()), "", true})
}

// ourKernels tells whether convolutions are computed by kernels of our own, or
// why not.
func ourKernels() finding {
	set, why := kernels.Status()
	if why != nil {
		return finding{missing, "own kernels", why.Error() + "; XLA's own convolutions are used", "", false}
	}
	return finding{ok, "own kernels", "for " + set + ", tested at the start of this process; " + kernels.Switch + "=off turns them off", "", false}
}

// convolutions tells how each kind is computed, those computed alike together.
func convolutions(choice *backend.Choice) finding {
	var plans []string
	kinds := map[string][]string{}
	for _, kind := range []string{"standard", "strided", "1x1", "transposed", "dilated", "depthwise", "grouped"} {
		plan, err := chosenPlan(choice, kind, []int{32, 32, 32, 32})
		if err != nil {
			return finding{broken, "convolution", err.Error(), "", true}
		}
		if kinds[plan] == nil {
			plans = append(plans, plan)
		}
		kinds[plan] = append(kinds[plan], kind)
	}
	for i, plan := range plans {
		plans[i] = strings.Join(kinds[plan], ", ") + " " + plan
	}
	return finding{ok, "convolution", "forward/input/kernel gradient: " + strings.Join(plans, "; "), "", false}
}

// program looks whether an executable file is there.
func program(path, name string, needed bool) finding {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return finding{missing, name, path + " is not there", setup, needed}
	case !info.Mode().IsRegular() || info.Mode()&0o111 == 0 || info.Size() == 0:
		return finding{broken, name, path + " is no program", "remove it and " + setup, needed}
	}
	return finding{ok, name, path, "", needed}
}

// kernel looks at the kernel spec and whether what it starts is there.
func kernel(path string) finding {
	f := finding{verdict: broken, name: "kernel", todo: "remove it and " + setup, needed: true}
	raw, err := os.ReadFile(path)
	if err != nil {
		f.verdict, f.text, f.todo = missing, path+" is not there", setup
		return f
	}
	var spec struct {
		Argv []string
		Name string `json:"display_name"`
	}
	if err := json.Unmarshal(raw, &spec); err != nil {
		f.text = fmt.Sprintf("%s: %v", path, err)
		return f
	}
	if len(spec.Argv) == 0 {
		f.text = path + " names no program"
		return f
	}
	for i, arg := range spec.Argv { // the guard, if there is one, and GoNB
		if i > 1 || strings.HasPrefix(arg, "-") {
			break
		}
		if p := program(arg, "kernel", true); p.verdict != ok {
			f.text = path + ": " + p.text
			return f
		}
	}
	for _, arg := range spec.Argv {
		if folder, isWork := strings.CutPrefix(strings.TrimPrefix(arg, "-"), "-go_work="); isWork {
			if _, err := os.Stat(filepath.Join(folder, "go.mod")); err != nil {
				f.text, f.todo = path+": its workspace "+folder+" has no go.mod", "if the checkout was moved, remove it and "+setup
				return f
			}
		}
	}
	return finding{ok, "kernel", fmt.Sprintf("%q, %s", spec.Name, path), "", true}
}

func jupyter(ctx context.Context, path string) finding {
	f := program(path, "JupyterLab", true)
	if f.verdict != ok {
		return f
	}
	version, err := output(ctx, path, "--version")
	if err != nil {
		f.verdict, f.text, f.todo = broken, fmt.Sprintf("%s: %v", path, err), "run `make clean setup`"
		return f
	}
	f.text = version + ", " + path
	return f
}

func dataSet(dir string, full bool) finding {
	err, how := cifar.Check(dir), "sizes are right"
	if err == nil && full {
		_, err = cifar.Read(dir)
		how = "MD5 sums are right"
	}
	f := finding{ok, "data set", "CIFAR-10 in " + dir + ", " + how, "", true}
	if err != nil {
		f.verdict, f.text, f.todo = broken, err.Error(), "run `convlab data`"
		if errors.Is(err, os.ErrNotExist) {
			f.verdict = missing
		}
	}
	return f
}

// minDisk is what the caches and a trained network of the course take.
const minDisk = 1 << 30

func disk(dir string) finding {
	for dir != filepath.Dir(dir) {
		if _, err := os.Stat(dir); err == nil {
			break
		}
		dir = filepath.Dir(dir)
	}
	free, err := freeBytes(dir)
	switch {
	case err != nil:
		return finding{ok, "disk", "free space is not known: " + err.Error(), "", false}
	case free < minDisk:
		return finding{missing, "disk", fmt.Sprintf("%.1f GB free in %s", float64(free)/1e9, dir), fmt.Sprintf("free %.1f GB", float64(minDisk)/1e9), true}
	}
	return finding{ok, "disk", fmt.Sprintf("%.1f GB free in %s", float64(free)/1e9, dir), "", true}
}
