// Package tidy holds the code and the pages to the rules of docs/style.md and
// docs/architecture.md: what can be counted is counted here. It reads sources
// as text and compiles only what TestAdditions adds.
package tidy

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// update writes what the tests would otherwise compare.
var update = flag.Bool("update", false, "write the drawing in docs/architecture.md")

// root is the checkout.
const root = "../.."

// tracked are the files that git knows whose names end in one of endings, as
// paths from the root with slashes.
func tracked(t *testing.T, endings ...string) []string {
	t.Helper()
	out, err := exec.Command("git", "-C", root, "ls-files", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Skip("skipped: this is no checkout of git")
	}
	var files []string
	for name := range strings.Lines(string(out)) {
		name = strings.TrimSpace(name)
		if _, err := os.Stat(filepath.Join(root, name)); err != nil {
			continue // removed, but not yet for git
		}
		if slices.ContainsFunc(endings, func(ending string) bool { return strings.HasSuffix(name, ending) }) {
			files = append(files, name)
		}
	}
	slices.Sort(files)
	return slices.Compact(files)
}

// text is a file of the checkout.
func text(t *testing.T, name string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// goFile is a parsed file.
type goFile struct {
	name string // from the root
	set  *token.FileSet
	*ast.File
}

// room is the folder of the file, which is its package's path in the module.
func (f goFile) room() string { return path.Dir(f.name) }

func (f goFile) line(n ast.Node) int { return f.set.Position(n.Pos()).Line }

// goFiles are the Go files of the module without its tests. Modules of their
// own under tests/ and tools/, and testdata, are not part of it.
func goFiles(t *testing.T) []goFile {
	t.Helper()
	var files []goFile
	for _, name := range tracked(t, ".go") {
		if strings.HasSuffix(name, "_test.go") || strings.Contains(name, "testdata/") || strings.HasPrefix(name, "tests/gopjrt/") || strings.HasPrefix(name, "tools/") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, filepath.Join(root, name), nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, goFile{name, set, file})
	}
	if len(files) < 300 {
		t.Fatalf("only %d files found", len(files))
	}
	return files
}
