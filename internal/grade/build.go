package grade

import (
	"bytes"
	"context"
	_ "embed" // the two programs
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"convlab/internal/atomicfile"
)

//go:embed programs/serve.go.txt
var serveSource string

//go:embed programs/remote_test.go.txt
var remoteSource string

// buildLimit is how long a build may take by the clock. The first one on a machine
// compiles the library. It is no student's fault when it is not enough: what a student's
// code may take of the compiler is processor time.
const buildLimit = 15 * time.Minute

// compilerMemory and compilerTime are what each process of a build may take for a
// student's program: bytes, and time of the processor. A usual one takes half a second.
const (
	compilerMemory = 3 << 30
	compilerTime   = time.Minute
)

// workshop is a folder in which programs are built from cells, with the packages of the
// checkout at its versions and without a network.
type workshop struct {
	dir, goCommand string
	close          func() // removes the folder
}

// openWorkshop makes the folder, and removes those of processes that were killed.
func openWorkshop(checkout string) (*workshop, error) {
	goCommand, err := exec.LookPath("go")
	if err != nil {
		return nil, errors.New("there is no go command: grading builds the answers, so install Go")
	}
	mod, err := os.ReadFile(filepath.Join(checkout, "go.mod"))
	if err != nil {
		return nil, err
	}
	line := regexp.MustCompile(`(?m)^go .*$`).Find(mod)
	dir, remove, err := atomicfile.Folder(os.TempDir())
	if err != nil {
		return nil, err
	}
	w := &workshop{dir, goCommand, remove}
	return w, errors.Join(
		os.WriteFile(filepath.Join(dir, "go.mod"), fmt.Appendf(nil, "module answers\n\n%s\n", line), 0o600),
		os.WriteFile(filepath.Join(dir, "go.work"), fmt.Appendf(nil, "%s\n\nuse .\nuse %q\n", line, checkout), 0o600))
}

// write makes a package of files.
func (w *workshop) write(name string, files map[string]string) error {
	dir := filepath.Join(w.dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	for file, text := range files {
		if err := os.WriteFile(filepath.Join(dir, file), []byte(text), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// tests builds the tests of a book.
func (w *workshop) tests(ctx context.Context, b *book) error {
	if b.program != "" {
		return nil
	}
	name := "tests-" + b.lang + "-" + strings.ReplaceAll(b.part, ".", "-")
	if err := w.write(name, b.testProgram()); err != nil {
		return err
	}
	program := filepath.Join(w.dir, name+".test")
	ctx, cancel := context.WithTimeout(ctx, buildLimit)
	defer cancel()
	if said, err := w.run(ctx, false, []string{"CGO_ENABLED=1"}, "test", "-c", "-o", program, "./"+name); err != nil {
		return fmt.Errorf("the tests of %s cannot be built: %w\n%s", b.path, err, said)
	}
	b.program = program
	return nil
}

// answer builds a student's program and gives its file. A refusal tells what the
// compiler said.
func (w *workshop) answer(ctx context.Context, name string, files map[string]string) (string, error) {
	if err := w.write(name, files); err != nil {
		return "", err
	}
	defer os.RemoveAll(filepath.Join(w.dir, name))
	program := filepath.Join(w.dir, name+".program")
	limit, cancel := context.WithTimeout(ctx, buildLimit)
	defer cancel()
	// Without C the program needs no file of the system, and no C of a student is compiled.
	said, err := w.run(limit, true, []string{"CGO_ENABLED=0"}, "build", "-trimpath", "-ldflags=-s -w", "-o", program, "./"+name)
	switch {
	case err == nil:
		return program, nil
	case ctx.Err() != nil:
		return "", ctx.Err()
	case limit.Err() != nil:
		return "", fmt.Errorf("a student's program was not built in %s: this machine is too busy to grade", buildLimit)
	}
	errors := compilerSays(said)
	return "", refusal{"It does not compile: " + errors, "编译不通过：" + errors}
}

// run runs the go command. Its processes have limits for a student's code, where the
// system can hold them to that.
func (w *workshop) run(ctx context.Context, limits bool, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, w.goCommand, args...)
	cmd.Dir = w.dir
	cmd.Env = append(os.Environ(), "GOWORK="+filepath.Join(w.dir, "go.work"), "GOFLAGS=-buildvcs=false", "GOPROXY=off", "GOTOOLCHAIN=local", "GO111MODULE=on", "GOOS=", "GOARCH=")
	cmd.Env = append(cmd.Env, env...)
	if limits {
		limited(cmd)
	}
	together(cmd)
	cmd.WaitDelay = 5 * time.Second
	said := &kept{most: 64 << 10}
	cmd.Stdout, cmd.Stderr = said, said
	err := cmd.Run()
	return said.String(), err
}

// compilerSays are the first errors of the compiler, by the lines of the cell.
func compilerSays(said string) string {
	var errors []string
	for line := range strings.Lines(said) {
		m := compilerLine.FindStringSubmatch(strings.TrimSpace(line))
		if m == nil {
			continue
		}
		if m[1] != "answer.go" {
			m[2] = "" // what another cell or the call of the function says
		} else {
			m[2] = "line " + m[2] + ": "
		}
		if errors = append(errors, m[2]+m[3]); len(errors) == 3 {
			break
		}
	}
	if len(errors) == 0 {
		return strings.TrimSpace(said[:min(len(said), 300)])
	}
	return strings.Join(errors, "; ")
}

var compilerLine = regexp.MustCompile(`^\S*?([\w-]+\.go):(\d+):\d+: (.*)$`)

// String is what was kept.
func (k *kept) String() string { return k.text.String() }

// kept is the beginning of what a process writes. over is called once when it
// writes more than limit bytes.
type kept struct {
	text              bytes.Buffer // a field of its own, lest it be written past Write
	most, limit, seen int
	over              func()
}

func (k *kept) Write(p []byte) (int, error) {
	k.text.Write(p[:min(len(p), max(0, k.most-k.text.Len()))])
	if k.seen += len(p); k.limit > 0 && k.seen > k.limit && k.over != nil {
		k.over()
		k.over = nil
	}
	return len(p), nil
}
