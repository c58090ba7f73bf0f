//go:build linux

package faults

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"convlab/internal/labdir"
	"convlab/internal/skiptest"
)

// A kernelLab is a lab folder with the kernel spec of this checkout, made by
// the script that set-up runs, in a temporary folder: what is not of the
// kernel are links to the lab of the checkout.
type kernelLab struct {
	dir    string // the lab folder
	tmp    string // TMPDIR of the kernels
	python string
	env    []string
}

func newKernelLab(t testing.TB) *kernelLab {
	t.Helper()
	from := labdir.Dir()
	if _, err := os.Stat(filepath.Join(from, "venv", "share", "jupyter", "kernels", "gonb", "kernel.json")); err != nil {
		skiptest.Missing(t, "JupyterLab with the GoNB kernel")
	}
	l := &kernelLab{dir: filepath.Join(t.TempDir(), "lab"), tmp: t.TempDir(), python: filepath.Join(from, "venv", "bin", "python")}
	err := errors.Join(os.MkdirAll(filepath.Join(l.dir, "bin"), 0o755), os.Symlink(filepath.Join(from, "plugins"), filepath.Join(l.dir, "plugins")),
		os.Symlink(filepath.Join(from, "data"), filepath.Join(l.dir, "data")), os.Symlink(program(t, "convkernel"), filepath.Join(l.dir, "bin", "convkernel")))
	for _, tool := range []string{"gonb", "goimports", "gopls"} {
		err = errors.Join(err, os.Symlink(filepath.Join(from, "bin", tool), filepath.Join(l.dir, "bin", tool)))
	}
	if err != nil {
		t.Fatal(err)
	}
	l.env = append(os.Environ(), "TMPDIR="+l.tmp, "JUPYTER_PATH="+filepath.Join(l.dir, "venv", "share", "jupyter"),
		"JUPYTER_RUNTIME_DIR="+filepath.Join(l.dir, "runtime"), "GO111MODULE=on", "GOFLAGS=-buildvcs=false", "GOWORK=off")
	make := exec.Command(l.python, filepath.Join(root(), "tools", "kernel.py"), l.dir)
	make.Dir, make.Env = root(), l.env
	if out, err := make.CombinedOutput(); err != nil {
		t.Fatalf("tools/kernel.py: %v\n%s", err, out)
	}
	return l
}

// A client talks to kernels through tests/faults/kernel.py.
type client struct {
	t   testing.TB
	lab *kernelLab
	cmd *exec.Cmd
	in  io.WriteCloser
	out *bufio.Scanner
	err buffer
}

// An answer is a line of kernel.py.
type answer struct {
	PID                int
	Status, Out, Error string
}

func newClient(t testing.TB, l *kernelLab) *client {
	t.Helper()
	c := &client{t: t, lab: l, cmd: exec.Command(l.python, filepath.Join(root(), "tests", "faults", "kernel.py"))}
	c.cmd.Dir, c.cmd.Env, c.cmd.Stderr = t.TempDir(), l.env, &c.err
	var out io.Reader
	var err error
	if c.in, err = c.cmd.StdinPipe(); err == nil {
		if out, err = c.cmd.StdoutPipe(); err == nil {
			err = c.cmd.Start()
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	c.out = bufio.NewScanner(out)
	c.out.Buffer(nil, 1<<24)
	t.Cleanup(func() {
		c.in.Close()
		c.cmd.Wait()
	})
	return c
}

// do gives an order and fails the test when it cannot be carried out.
func (c *client) do(what string, code ...string) answer {
	c.t.Helper()
	order, err := json.Marshal(map[string]string{"do": what, "code": strings.Join(code, "\n")})
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := c.in.Write(append(order, '\n')); err != nil {
		c.t.Fatal(err)
	}
	var a answer
	if !c.out.Scan() {
		c.t.Fatalf("%s: the client ended: %v\n%s", what, c.out.Err(), c.err.String())
	}
	if err := json.Unmarshal(c.out.Bytes(), &a); err != nil {
		c.t.Fatalf("%s: %v in %s", what, err, c.out.Bytes())
	}
	if a.Error != "" {
		c.t.Fatalf("%s: %s\n%s", what, a.Error, c.err.String())
	}
	return a
}

// of are the processes of this lab's kernels: those that were started with its
// folder in CONVLAB_LAB.
func (l *kernelLab) of() []string {
	entries, _ := os.ReadDir("/proc")
	var of []string
	for _, e := range entries {
		if _, err := strconv.Atoi(e.Name()); err != nil {
			continue
		}
		environ, err := os.ReadFile(filepath.Join("/proc", e.Name(), "environ"))
		if err != nil || !bytes.Contains(environ, []byte("\x00"+labdir.Variable+"="+l.dir+"\x00")) {
			continue
		}
		line, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "cmdline"))
		of = append(of, fmt.Sprintf("%s %s", e.Name(), bytes.ReplaceAll(line, []byte{0}, []byte{' '})))
	}
	return of
}

// pid is the process of this lab's kernels whose command line holds part.
func (l *kernelLab) pid(t testing.TB, part string) int {
	t.Helper()
	for _, line := range l.of() {
		if pid, command, _ := strings.Cut(line, " "); strings.Contains(command, part) {
			n, err := strconv.Atoi(pid)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
	}
	t.Fatalf("no process %s among:\n%s", part, strings.Join(l.of(), "\n"))
	return 0
}

// left are the processes and the temporary files that are left, once nothing
// changes any more or nothing is left.
func (l *kernelLab) left(limit time.Duration) []string {
	for begin := time.Now(); ; time.Sleep(20 * time.Millisecond) {
		left := l.of()
		files, _ := os.ReadDir(l.tmp)
		for _, f := range files {
			left = append(left, f.Name())
		}
		if len(left) == 0 || time.Since(begin) > limit {
			return left
		}
	}
}

// killAll is for what a test that fails leaves.
func (l *kernelLab) killAll() {
	for _, line := range l.of() {
		pid, _, _ := strings.Cut(line, " ")
		if n, err := strconv.Atoi(pid); err == nil {
			syscall.Kill(n, syscall.SIGKILL)
		}
	}
}

// innerOf is the child of a guard's outer process.
func (l *kernelLab) innerOf(t testing.TB, outer int) int {
	t.Helper()
	for _, line := range l.of() {
		pid, command, _ := strings.Cut(line, " ")
		stat, err := os.ReadFile("/proc/" + pid + "/stat")
		if err != nil || !strings.Contains(command, "--inside") {
			continue
		}
		if fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:])); slices.Contains(fields[1:2], strconv.Itoa(outer)) {
			n, _ := strconv.Atoi(pid)
			return n
		}
	}
	t.Fatalf("no inner guard of %d", outer)
	return 0
}
