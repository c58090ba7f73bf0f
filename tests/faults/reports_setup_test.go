//go:build linux

package faults

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"convlab/internal/labdir"
	"convlab/internal/skiptest"
)

// reportedSetUp are the faults of set-up in places and environments of users.
// They ask the Makefile and tools of a copy for one quick thing of what the
// long steps do.
func reportedSetUp() map[string]report {
	return map[string]report{
		"05": {what: "`make clean`", how: "in a checkout under a path with a space", try: cleansOnlyItself},
		"07": {what: "`make setup`", how: "a go.work in a folder above", try: toolsUnderWorkspace},
		"08": {what: "the kernel", how: "GOWORK and GO111MODULE set, TMPDIR missing, HOME empty", try: cellInForeignEnvironment},
		"09": {what: "`make setup`", how: "git refuses the checkout, as it does one of another owner", try: buildsWhereGitRefuses},
		"10": {what: "`make setup`", how: "no C compiler", refused: true, try: missesCompiler},
		"11": {what: "`make setup`", how: "PIP_USER set, a foreign traitlets on PYTHONPATH", try: foreignPython},
		"13": {what: "`make setup`", how: "after the checkout was moved", try: movedKernel},
	}
}

// recipe runs a command as a recipe of the Makefile, in its environment.
func recipe(t *testing.T, dir string, env []string, command string) (string, error) {
	t.Helper()
	place(t, filepath.Join(dir, "recipe.mk"), "include Makefile\nrecipe:\n\t@"+command+"\n")
	out, err := says(t, dir, env, "make", "-s", "-f", "recipe.mk", "recipe")
	return strings.TrimSpace(out), err
}

func cleansOnlyItself(t *testing.T, c checkout) string {
	dir := copied(t, c.root, "docs backup/convlab")
	first, _, _ := strings.Cut(dir, " ")
	thesis := filepath.Join(first, "thesis.txt")
	place(t, thesis, "years of work")
	place(t, filepath.Join(dir, ".lab", "runs", "x"), "")
	if out, err := says(t, dir, nil, "make", "clean"); err != nil {
		return out
	}
	switch {
	case !exists(thesis):
		return "make clean deleted thesis.txt in a folder outside"
	case exists(filepath.Join(dir, ".lab")):
		return "make clean left .lab"
	}
	return ""
}

func toolsUnderWorkspace(t *testing.T, c checkout) string {
	dir := copied(t, c.root, "convlab")
	above := filepath.Dir(dir)
	place(t, filepath.Join(above, "other", "go.mod"), "module other\n\ngo 1.26\n")
	place(t, filepath.Join(above, "go.work"), "go 1.26\n\nuse ./other\n")
	out, err := recipe(t, dir, nil, "go -C tools list tool")
	if err != nil || !strings.Contains(out, "github.com/janpfeifer/gonb") {
		return "the tools that set-up builds: " + result{out: out}.last()
	}
	return ""
}

func cellInForeignEnvironment(t *testing.T, c checkout) string {
	if !exists(filepath.Join(labdir.Dir(), "bin", "gonb")) || !exists(filepath.Join(labdir.Dir(), "venv", "bin", "python")) {
		skiptest.Missing(t, "the GoNB kernel")
	}
	dir := copied(t, c.root, "convlab")
	python := filepath.Join(labdir.Dir(), "venv", "bin", "python")
	if err := os.MkdirAll(filepath.Join(dir, ".lab", "venv"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(filepath.Join(dir, ".lab", "bin"), os.DirFS(c.bin)); err != nil {
		t.Fatal(err)
	}
	for _, tool := range []string{"gonb", "goimports", "gopls"} {
		if err := os.Symlink(filepath.Join(labdir.Dir(), "bin", tool), filepath.Join(dir, ".lab", "bin", tool)); err != nil {
			t.Fatal(err)
		}
	}
	if out, err := says(t, dir, nil, python, "tools/kernel.py", ".lab"); err != nil {
		t.Fatal(out)
	}
	caches := strings.Fields(output(t, dir, nil, "go", "env", "GOCACHE", "GOMODCACHE"))
	env := []string{"JUPYTER_PATH=" + filepath.Join(dir, ".lab", "venv", "share", "jupyter"), "PYTHON3=" + python, "CELL=" + reported(t, "cell.py"), "GOCACHE=" + caches[0], "GOMODCACHE=" + caches[1]}
	foreign := []string{"GOWORK=/nowhere/go.work", "GO111MODULE=off", "TMPDIR=/nowhere", "HOME="}
	tries := [][]string{foreign}
	for i := range times(0, len(foreign)) {
		tries = append(tries, foreign[i:i+1])
	}
	for _, these := range tries {
		out, err := recipe(t, dir, append(env, these...), `"$$PYTHON3" "$$CELL"`)
		if err != nil || !strings.Contains(out, "the cell says 42") {
			said := result{out: strings.ReplaceAll(out, "make: ***", "")}
			if strings.Contains(out, "Kernel died") || strings.Contains(out, "AssertionError") {
				said.out = "the kernel dies"
			}
			return fmt.Sprintf("with %s: %s", strings.Join(these, " "), said.last())
		}
	}
	return ""
}

// buildsWhereGitRefuses: a .git that is none makes git end as it does for a
// folder of another owner.
func buildsWhereGitRefuses(t *testing.T, c checkout) string {
	dir := copied(t, c.root, "convlab")
	place(t, filepath.Join(dir, ".git", "HEAD"), "ref: refs/heads/main\n")
	place(t, filepath.Join(dir, "hello", "main.go"), "package main\n\nfunc main() { println(\"hello\") }\n")
	if out, err := recipe(t, dir, []string{"GOENV=off"}, "go build -o hello/ ./hello"); err != nil {
		return strings.TrimSpace(strings.Split(out, "\n")[0])
	}
	return ""
}

// missesCompiler: what is missing is told before the steps that take minutes.
func missesCompiler(t *testing.T, c checkout) string {
	dir := copied(t, c.root, "convlab")
	out, err := says(t, dir, []string{"CC=no-such-compiler"}, "bash", "tools/check.sh", "python3")
	if err == nil || !strings.Contains(out, "C compiler") {
		return "the check before the long steps does not miss it"
	}
	return ""
}

func foreignPython(t *testing.T, c checkout) string {
	python := filepath.Join(labdir.Dir(), "venv", "bin", "python")
	if !exists(python) {
		skiptest.Missing(t, "the environment of JupyterLab")
	}
	dir := copied(t, c.root, "convlab")
	env := []string{"PYTHON3=" + python, "PIP_USER=1"}
	if out, err := recipe(t, dir, env, `"$$PYTHON3" -m pip install --dry-run --no-index --no-deps --disable-pip-version-check pip`); err != nil {
		return strings.TrimSpace(strings.Split(out, "\n")[0])
	}
	place(t, filepath.Join(dir, "ros", "traitlets.py"), "raise ImportError('a foreign traitlets')\n")
	if out, err := recipe(t, dir, []string{"PYTHON3=" + python, "PYTHONPATH=" + filepath.Join(dir, "ros")}, `"$$PYTHON3" -c "import traitlets"`); err != nil {
		return result{out: out}.last()
	}
	return ""
}

// movedKernel: a second set-up, after all steps were done elsewhere, makes the
// kernel anew.
func movedKernel(t *testing.T, c checkout) string {
	dir := copied(t, c.root, "convlab")
	if out, err := recipe(t, dir, nil, "$(MAKE) -s -f Makefile $(DONE)/checked"); err != nil {
		t.Fatal(out)
	}
	for _, step := range []string{"tools", "venv", "kernel", "plugin", "data", "convlab"} {
		place(t, filepath.Join(dir, ".lab", "done", step), "")
	}
	moved := filepath.Join(filepath.Dir(dir), "moved")
	if err := os.Rename(dir, moved); err != nil {
		t.Fatal(err)
	}
	out, err := says(t, moved, nil, "make", "-n", "setup")
	if err != nil {
		return out
	}
	if !strings.Contains(out, "kernel.py") {
		return "make setup leaves the kernel that names the old path"
	}
	return ""
}
