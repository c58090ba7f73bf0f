package tidy

import (
	"fmt"
	"go/ast"
	"regexp"
	"strings"
	"testing"
)

// public tells whether a room is read by people who use the library.
func public(room string) bool {
	return !strings.Contains(room, "internal") && !strings.HasPrefix(room, "cmd/") && !strings.HasPrefix(room, "tests")
}

// conventional are methods that Go's own interfaces give a meaning: they need
// no comment where the type has one.
var conventional = map[string]bool{"Error": true, "String": true, "Unwrap": true, "Len": true, "Target": true}

// sizes are signs that a comment says how large the numbers are that pass.
var sizes = regexp.MustCompile(`\[[^\]]|·|×|shape|sized?\b|rows|bytes|pixels|planes|flat|logits|number|values?\b|probabilit|a scalar|slices|images|each|implements|one for`)

// TestEveryExportedNameHasAComment counts the exported names of the public
// packages without a comment, and those through which arrays pass whose
// comment does not say how large they are. Both counts are zero.
func TestEveryExportedNameHasAComment(t *testing.T) {
	names, packages := 0, map[string]string{}
	report := func(f goFile, n ast.Node, name, what string) {
		t.Errorf("%s:%d: %s %s", f.name, f.line(n), name, what)
	}
	for _, f := range goFiles(t) {
		if !public(f.room()) {
			continue
		}
		if f.Doc != nil {
			packages[f.room()] = f.Doc.Text()
		} else if _, ok := packages[f.room()]; !ok {
			packages[f.room()] = ""
		}
		for _, d := range f.Decls {
			switch d := d.(type) {
			case *ast.FuncDecl:
				if !d.Name.IsExported() || d.Recv != nil && !ast.IsExported(receiver(d)) {
					continue
				}
				names++
				comment := d.Doc.Text()
				switch {
				case comment == "" && d.Recv != nil && conventional[d.Name.Name]:
				case comment == "":
					report(f, d, d.Name.Name, "has no comment")
				case !strings.HasPrefix(comment, d.Name.Name+" "):
					report(f, d, d.Name.Name, "has a comment that does not begin with its name")
				case arraysPass(d.Type) && !sizes.MatchString(comment):
					report(f, d, d.Name.Name, "passes arrays and does not say how large they are")
				}
			case *ast.GenDecl:
				for _, s := range d.Specs {
					for name, commented := range declared(d, s) {
						if names++; !commented {
							report(f, s, name, "has no comment")
						}
					}
				}
			}
		}
	}
	for room, comment := range packages {
		name := room[strings.LastIndex(room, "/")+1:]
		if !strings.HasPrefix(comment, "Package "+name+" ") {
			t.Errorf("%s: the comment of the package does not begin with %q", room, "Package "+name)
		}
	}
	if names < 500 {
		t.Errorf("only %d exported names were read", names)
	}
	t.Logf("%d exported names in %d public packages", names, len(packages))
}

// receiver is the name of a method's type.
func receiver(d *ast.FuncDecl) string {
	t := d.Recv.List[0].Type
	if star, ok := t.(*ast.StarExpr); ok {
		t = star.X
	}
	if generic, ok := t.(*ast.IndexExpr); ok {
		t = generic.X
	}
	return fmt.Sprint(t)
}

// declared are the exported names of a declaration, and whether each has a
// comment of its own or shares one.
func declared(d *ast.GenDecl, s ast.Spec) map[string]bool {
	all := map[string]bool{}
	switch s := s.(type) {
	case *ast.TypeSpec:
		if s.Name.IsExported() {
			all[s.Name.Name] = d.Doc != nil || s.Doc != nil || s.Comment != nil
		}
	case *ast.ValueSpec:
		for _, name := range s.Names {
			if name.IsExported() {
				all[name.Name] = d.Doc != nil || s.Doc != nil || s.Comment != nil
			}
		}
	}
	return all
}

// arraysPass tells whether a function takes or gives slices of numbers, nodes
// of a graph or tensors.
func arraysPass(f *ast.FuncType) bool {
	for _, list := range []*ast.FieldList{f.Params, f.Results} {
		if list == nil {
			continue
		}
		for _, field := range list.List {
			switch t := field.Type.(type) {
			case *ast.ArrayType:
				element := fmt.Sprint(t.Elt)
				if inner, ok := t.Elt.(*ast.ArrayType); ok {
					element = fmt.Sprint(inner.Elt)
				}
				if element == "float32" || element == "float64" || element == "uint8" {
					return true
				}
			case *ast.StarExpr:
				if s, ok := t.X.(*ast.SelectorExpr); ok && (s.Sel.Name == "Node" || s.Sel.Name == "Tensor") {
					return true
				}
			}
		}
	}
	return false
}
