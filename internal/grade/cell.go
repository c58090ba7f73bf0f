package grade

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"go/types"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// unit is the Go code of one or more cells as the kernel sees it: declarations
// in their places, with GoNB's own lines (%test, !ls) and what stands under %%,
// which is the body of main, blanked out.
type unit struct {
	text    string // as long as the cell, without its imports
	decls   map[string]ast.Decl
	methods map[string][]ast.Decl // by the name of their type
	imports map[string]string     // name → path
	set     *token.FileSet
}

// version ends an import path that is not named after its last element.
var version = regexp.MustCompile(`^v\d+$`)

// before is what stands before a cell to make a file of it, on its first line.
const before = "package main;"

// parse reads the code of a cell. An error tells the cell's own lines.
func parse(source string) (*unit, error) {
	source = plain(source)
	u := &unit{decls: map[string]ast.Decl{}, methods: map[string][]ast.Decl{}, imports: map[string]string{}, set: token.NewFileSet()}
	text := before + source
	f, err := parser.ParseFile(u.set, "cell", text, parser.SkipObjectResolution)
	if err != nil {
		return nil, told(err)
	}
	out := []byte(text)
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if d.Recv != nil {
				name := receiver(d)
				u.methods[name] = append(u.methods[name], d)
			} else if d.Name.Name == "main" {
				u.blank(out, d)
			} else {
				u.decls[d.Name.Name] = d
			}
		case *ast.GenDecl:
			if d.Tok == token.IMPORT {
				u.blank(out, d)
			}
			for _, s := range d.Specs {
				switch s := s.(type) {
				case *ast.ImportSpec:
					p := strings.Trim(s.Path.Value, "\"`")
					name := path.Base(p)
					if version.MatchString(name) {
						name = path.Base(path.Dir(p))
					}
					if s.Name != nil {
						name = s.Name.Name
					}
					u.imports[name] = p
				case *ast.TypeSpec:
					u.decls[s.Name.Name] = d
				case *ast.ValueSpec:
					for _, n := range s.Names {
						u.decls[n.Name] = d
					}
				}
			}
		}
	}
	u.text = string(out)
	return u, nil
}

// plain blanks out what is GoNB's and not Go's.
func plain(source string) string {
	lines := strings.SplitAfter(source, "\n")
	for i, line := range lines {
		word := strings.TrimSpace(line)
		if strings.HasPrefix(word, "%%") || word == "%main" {
			lines = lines[:i]
			break
		}
		if strings.HasPrefix(word, "%") || strings.HasPrefix(word, "!") {
			lines[i] = "\n"
		}
	}
	return strings.Join(lines, "")
}

// blank writes spaces over a declaration.
func (u *unit) blank(out []byte, d ast.Node) {
	from, to := u.set.Position(d.Pos()).Offset, u.set.Position(d.End()).Offset
	for i := from; i < to; i++ {
		if out[i] != '\n' {
			out[i] = ' '
		}
	}
}

// without is the unit's text without these functions.
func (u *unit) without(drop func(name string) bool) string {
	out := []byte(u.text)
	for name, d := range u.decls {
		if f, ok := d.(*ast.FuncDecl); ok && drop(name) {
			u.blank(out, f)
		}
	}
	return strings.TrimPrefix(string(out), before)
}

// of is the text of a node.
func (u *unit) of(n ast.Node) string {
	return u.text[u.set.Position(n.Pos()).Offset:u.set.Position(n.End()).Offset]
}

// receiver is the name of a method's type.
func receiver(d *ast.FuncDecl) string {
	t := d.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// unresolved are the names that Go code uses and does not declare: packages,
// and what stands in other cells.
func unresolved(text string) []string {
	f, err := parser.ParseFile(token.NewFileSet(), "", before+text, 0)
	if err != nil {
		return nil
	}
	names := map[string]bool{}
	for _, id := range f.Unresolved {
		if types.Universe.Lookup(id.Name) == nil && id.Name != "_" {
			names[id.Name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// standard are the packages that a cell may use without an import, as the
// kernel adds it.
var standard = map[string]string{
	"bytes": "bytes", "cmp": "cmp", "context": "context", "errors": "errors", "fmt": "fmt", "image": "image", "color": "image/color", "io": "io",
	"bits": "math/bits", "cmplx": "math/cmplx", "iter": "iter", "maps": "maps", "math": "math", "os": "os", "rand": "math/rand/v2", "reflect": "reflect",
	"regexp": "regexp", "runtime": "runtime", "slices": "slices", "sort": "sort", "strconv": "strconv", "strings": "strings", "sync": "sync",
	"testing": "testing", "time": "time", "unicode": "unicode", "utf8": "unicode/utf8",
	"cnnlib": "convlab/cnnlib", "lesson": "convlab/notebooks/lesson", "convviz": "convlab/convviz",
}

// importing is the import declaration, on one line, of Go code that uses these
// packages. The first of the tables that knows a name says what it is.
func importing(text string, tables ...map[string]string) string {
	var b strings.Builder
	for _, name := range unresolved(text) {
		for _, table := range append(tables, standard) {
			if p, ok := table[name]; ok {
				fmt.Fprintf(&b, "import %s %q;", name, p)
				break
			}
		}
	}
	return b.String()
}

// told is a parser's error: the first line of it.
func told(err error) error {
	if list, ok := err.(scanner.ErrorList); ok && len(list) > 0 {
		e := list[0]
		return refusal{fmt.Sprintf("line %d: %s", e.Pos.Line, e.Msg), fmt.Sprintf("第 %d 行：%s", e.Pos.Line, e.Msg)}
	}
	return err
}
