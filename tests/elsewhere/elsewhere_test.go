// Package elsewhere looks whether the code compiles for systems that the tests
// do not run on, and under another name of its module.
package elsewhere

import (
	"encoding/json"
	"errors"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// platforms are those that convlab promises to run on, in pure Go, besides the
// one of the test.
var platforms = []string{"darwin/arm64", "windows/amd64", "linux/arm64"}

// listed is what `go list` says of a package.
type listed struct {
	ImportPath, Dir string
	GoFiles         []string
	ImportMap       map[string]string
	Module          *struct{ Main bool }
	Error           *struct{ Err string }
}

// TestCompilesElsewhere checks the types of every package and its tests, as
// the compiler does first, without cgo. It compiles nothing: `go vet` takes
// minutes for each platform that it has not seen, since it wants the standard
// library and GoMLX compiled for it.
func TestCompilesElsewhere(t *testing.T) {
	for _, platform := range platforms {
		t.Run(strings.ReplaceAll(platform, "/", "-"), func(t *testing.T) {
			system, processor, _ := strings.Cut(platform, "/")
			checkAll(t, "../..", system, processor)
		})
	}
}

// checkAll checks the types of all packages of the checkout in folder dir, for
// a platform.
func checkAll(t *testing.T, dir, system, processor string) {
	t.Helper()
	w := world{t: t, processor: processor, files: token.NewFileSet(), packages: map[string]*types.Package{"unsafe": types.Unsafe}}
	for _, p := range list(t, dir, system, processor) {
		w.check(p)
	}
	if w.ours < 30 {
		t.Errorf("%d packages of the checkout were checked", w.ours)
	}
}

// list gives the packages of a checkout, those of their tests and all that they
// import, each after those that it imports.
func list(t *testing.T, dir, system, processor string) []listed {
	t.Helper()
	cmd := exec.Command("go", "list", "-e", "-deps", "-test", "-json=ImportPath,Dir,GoFiles,ImportMap,Module,Error", "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GOOS="+system, "GOARCH="+processor, "CGO_ENABLED=0", "GOFLAGS=")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// A world holds the packages of one platform.
type world struct {
	t         *testing.T
	processor string
	files     *token.FileSet
	packages  map[string]*types.Package
	ours      int
}

// check checks the types of a package. Of those of others the bodies of
// functions are left out: whoever wrote them has compiled them.
func (w *world) check(p listed) {
	if p.ImportPath == "unsafe" || strings.HasSuffix(p.ImportPath, ".test") { // main of a test, which Go writes
		return
	}
	ours := p.Module != nil && p.Module.Main
	if p.Error != nil && ours {
		w.t.Errorf("%s: %s", p.ImportPath, p.Error.Err)
	}
	var parsed []*ast.File
	for _, name := range p.GoFiles {
		f, err := parser.ParseFile(w.files, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
		if err != nil {
			w.t.Error(err)
			return
		}
		parsed = append(parsed, f)
	}
	config := types.Config{
		IgnoreFuncBodies: !ours,
		Importer:         importer(func(path string) (*types.Package, error) { return w.imported(p, path) }),
		Sizes:            types.SizesFor("gc", w.processor),
		Error: func(err error) {
			if ours {
				w.t.Error(err)
			}
		},
	}
	path, _, _ := strings.Cut(p.ImportPath, " ") // a package with its tests has theirs behind it
	checked, _ := config.Check(path, w.files, parsed, nil)
	w.packages[p.ImportPath] = checked
	if ours {
		w.ours++
	}
}

// imported is the package that p imports by this path.
func (w *world) imported(p listed, path string) (*types.Package, error) {
	if mapped := p.ImportMap[path]; mapped != "" {
		path = mapped
	}
	if found := w.packages[path]; found != nil {
		return found, nil
	}
	return nil, errors.New("there is no package " + path + " on this platform")
}

type importer func(path string) (*types.Package, error)

func (i importer) Import(path string) (*types.Package, error) { return i(path) }
