// Package tests checks what crosses rooms: the notebooks, JupyterLab in a
// real browser, the kernel's completion, real training, the README.
package tests

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"convlab/internal/labdir"
	"convlab/internal/labtest"
	"convlab/internal/skiptest"
)

// root is the checkout.
func root(t testing.TB) string {
	t.Helper()
	dir, err := filepath.Abs("..")
	if err != nil {
		t.Fatal(err)
	}
	return dir
}

// python is the interpreter of set-up's Jupyter.
func python(t testing.TB) string {
	t.Helper()
	path := filepath.Join(labdir.Dir(), "venv", "bin", "python")
	if _, err := os.Stat(filepath.Join(labdir.Dir(), "venv", "share", "jupyter", "kernels", "gonb", "kernel.json")); err != nil {
		skiptest.Missing(t, "JupyterLab with the GoNB kernel")
	}
	return path
}

// command runs a program in the checkout and fails the test when it fails.
func command(t testing.TB, limit time.Duration, env []string, name string, args ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = root(t)
	cmd.Env = append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", filepath.Base(name), strings.Join(args, " "), err, out)
	}
	return string(out)
}

func TestNotebooks(t *testing.T) {
	py := python(t)
	labtest.Data(t)
	t.Log(command(t, 25*time.Minute, nil, py, "notebooks/build.py", "--check"))
}

// TestWorkedAnswersAreRun: the notebook of an exercise is refused unless its
// test skips at first and its worked answer passes it.
func TestWorkedAnswersAreRun(t *testing.T) {
	py, checkout := python(t), t.TempDir()
	dir := filepath.Join(checkout, "notebooks")
	if err := errors.Join(os.MkdirAll(filepath.Join(dir, "src"), 0o777), os.Mkdir(filepath.Join(checkout, "tools"), 0o777)); err != nil {
		t.Fatal(err)
	}
	for _, file := range []string{"notebooks/build.py", "tools/atomicfile.py"} {
		content, err := os.ReadFile("../" + file)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(checkout, file), content, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for part, c := range map[string]struct{ stub, answer, want string }{
		"0.1": {"0", "```go\nfunc Two() int { return 2 }\n```\n", ""},
		"0.2": {"0", "```go\nfunc Two() int { return 3 }\n```\n", "got 3, want 2"},
		"0.3": {"0", "```go\nfunc Two() int { return 0 }\n```\n", "the worked answer does not pass TestTwo: SKIP"},
		"0.4": {"2", "```go\nfunc Two() int { return 2 }\n```\n", "TestTwo does not skip while its exercise is not written"},
		"0.5": {"0", "two\n", "has no folded ```go answer right after it"},
	} {
		source := "```go\nimport \"testing\"\n\nfunc Two() int { return " + c.stub + " }\n\nfunc TestTwo(t *testing.T) {\n\tif Two() == 0 {\n" +
			"\t\tt.Skip(\"not written yet\")\n\t}\n\tif Two() != 2 {\n\t\tt.Errorf(\"got %d, want 2\", Two())\n\t}\n}\n\n%test\n```\n\n"
		for _, lang := range []string{"en", "zh"} {
			source += "<!-- #region lang=\"" + lang + "\" -->\n<details><summary>Answer</summary>\n\n" + c.answer + "</details>\n<!-- #endregion -->\n"
		}
		if err := os.WriteFile(filepath.Join(dir, "src", part+"-two.md"), []byte(source), 0o666); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Minute)
		out, err := exec.CommandContext(ctx, py, filepath.Join(dir, "build.py"), part).CombinedOutput()
		cancel()
		if (err == nil) != (c.want == "") || !strings.Contains(string(out), c.want) {
			t.Errorf("%s: %v, no %q in:\n%s", part, err, c.want, out)
		}
	}
}

func TestCompletionAndInspection(t *testing.T) {
	t.Log(command(t, 3*time.Minute, nil, python(t), "tests/kernel/complete.py"))
}

func TestDockerfiles(t *testing.T) {
	py := python(t)
	files, err := filepath.Glob("../docker/*Dockerfile*")
	if err != nil || len(files) == 0 {
		t.Fatalf("no Dockerfile: %v", err)
	}
	for _, file := range files {
		command(t, time.Minute, nil, filepath.Join(filepath.Dir(py), "hadolint"), "--no-color", filepath.Join("docker", filepath.Base(file)))
	}
}

// TestBrowser serves the course with `make lab` on a copy of the notebooks,
// and a real browser runs one as a student would, works a live picture, and
// goes a newcomer's way from the front page to a photo that is recognised.
func TestBrowser(t *testing.T) {
	python(t)
	labtest.Data(t)
	if _, err := os.Stat(filepath.Join(labdir.Dir(), "browser", "node_modules")); err != nil {
		skiptest.Missing(t, "the browser")
	}
	served := t.TempDir()
	if err := os.CopyFS(served, os.DirFS("../notebooks")); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 15*time.Minute)
	defer cancel()
	server := exec.CommandContext(ctx, "make", "lab", "FLAGS=--no-browser --ServerApp.port=0 --ServerApp.root_dir="+served)
	server.Dir = root(t)
	server.Env = append(os.Environ(), "CONVLAB_FAST=1", "CONVLAB_RUNS="+t.TempDir())
	terminate := together(server)       // make, Jupyter and the kernels
	server.WaitDelay = 20 * time.Second // a kernel may hold the output open a little longer
	out, in := io.Pipe()
	server.Stdout, server.Stderr = in, in
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	address, log := make(chan string, 1), make(chan string, 1)
	go func() {
		found := regexp.MustCompile(`http://127\.0\.0\.1:\d+/\S*\?token=\w+`)
		var said strings.Builder
		for lines := bufio.NewScanner(out); lines.Scan(); {
			said.WriteString(lines.Text() + "\n")
			if a := found.FindString(lines.Text()); a != "" && len(address) == 0 {
				address <- a
			}
		}
		log <- said.String()
	}()
	defer func() {
		terminate() // Jupyter ends its kernels, then itself
		server.Wait()
		in.Close()
		if said := <-log; t.Failed() {
			kernels, _ := os.ReadFile(filepath.Join(labdir.Dir(), "jupyter", "gonb.log"))
			t.Logf("the server said:\n%s\nthe kernels said:\n%s", said, kernels[max(0, len(kernels)-4000):])
		}
	}()
	var at string
	select {
	case at = <-address:
	case <-ctx.Done():
		t.Fatal("make lab told no address")
	}
	trustsItsOwn(t, at, served)
	shot := filepath.Join(labdir.Dir(), "browser", "screenshot.png")
	report := command(t, 12*time.Minute, nil, "node", "tests/browser/open.mjs", at, "en/3.8-loss-curve.ipynb", shot, "3")
	var seen struct {
		Pictures, Errors, Outside int
		Failure                   string
	}
	if err := json.Unmarshal([]byte(report), &seen); err != nil {
		t.Fatalf("%v in %s", err, report)
	}
	t.Logf("the live plot showed %d pictures; nothing asked of the outside; screenshot in %s", seen.Pictures, shot)
	t.Log(command(t, 8*time.Minute, nil, "node", "tests/browser/lab_live.mjs", at, "en/1.1-convolution.ipynb"))
	t.Log(command(t, 8*time.Minute, nil, "node", "tests/browser/newcomer.mjs", at, "tests/faults/testdata/reports/orient_short.jpg"))
}
