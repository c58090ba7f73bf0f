package grade

import (
	"fmt"
	"go/ast"
	"go/token"
	"maps"
	"slices"
	"strings"
)

// piece is a declaration that a program takes from a cell.
type piece struct {
	unit *unit
	decl ast.Decl
}

// collect finds what these texts need from other cells, and what that needs in
// turn, each time in the first unit that has it. The names of known are
// declared already.
func collect(texts []string, known map[string]bool, units []*unit) []piece {
	var found []piece
	have := map[ast.Decl]bool{}
	for len(texts) > 0 {
		text := texts[0]
		texts = texts[1:]
		for _, name := range unresolved(text) {
			if known[name] || name == "main" || name == "init" || isTest(name) {
				continue
			}
			i := slices.IndexFunc(units, func(u *unit) bool { return u.decls[name] != nil })
			if i < 0 {
				continue // a package, or what the compiler will miss
			}
			known[name] = true
			u := units[i]
			for _, d := range append([]ast.Decl{u.decls[name]}, u.methodsOf(u.decls[name])...) {
				if !have[d] {
					have[d] = true
					found = append(found, piece{u, d})
					texts = append(texts, u.of(d))
				}
			}
		}
	}
	return found
}

// methodsOf are the methods of the types of a declaration.
func (u *unit) methodsOf(d ast.Decl) (methods []ast.Decl) {
	if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.TYPE {
		for _, s := range g.Specs {
			methods = append(methods, u.methods[s.(*ast.TypeSpec).Name.Name]...)
		}
	}
	return methods
}

// written are the declarations as files of a package, by name.
func written(pieces []piece, imports map[string]string) map[string]string {
	files := map[string]string{}
	for i, p := range pieces {
		text := p.unit.of(p.decl)
		files[fmt.Sprintf("cell%d.go", i)] = before + importing(text, p.unit.imports, imports) + "\n" + text + "\n"
	}
	return files
}

// importsOf are the imports of all these cells.
func importsOf(units []*unit) map[string]string {
	all := map[string]string{}
	for _, u := range units {
		maps.Copy(all, u.imports)
	}
	return all
}

// signature is the type of a function that is to be written: "func(k, d int) int".
func (u *unit) signature(name string) string {
	f := u.decls[name].(*ast.FuncDecl)
	return "func" + u.of(f.Type)[strings.Index(u.of(f.Type), name)+len(name):]
}

// testProgram is the package of a book's tests. The functions that students
// write are in it as calls into the process of a student.
func (b *book) testProgram() map[string]string {
	imports := importsOf(b.cells)
	files := map[string]string{"remote_test.go": remoteSource}
	known := map[string]bool{}
	var texts []string
	for i, e := range b.exercises {
		var stubs strings.Builder
		for _, f := range e.functions {
			fmt.Fprintf(&stubs, "var %s = convlabRemote[%s](%q)\n", f, e.cell.signature(f), f)
		}
		text := e.cell.without(func(name string) bool { return slices.Contains(e.functions, name) }) + "\n" + stubs.String()
		texts = append(texts, text)
		for name := range e.cell.decls {
			known[name] = true
		}
		files[fmt.Sprintf("exercise%d_test.go", i)] = before + importing(text, e.cell.imports, imports) + text
	}
	for name, text := range written(collect(texts, known, b.cells), imports) {
		files[strings.TrimSuffix(name, ".go")+"_test.go"] = text
	}
	return files
}

// answerProgram is the program that runs a student's answer: the code of the
// answer's cell, but for its tests and main, what it needs from the student's
// other answers, the teacher's notebook and the student's other cells, in this
// order, and a main that serves calls.
func (b *book) answerProgram(e *exercise, answer *unit, answers, others []*unit) map[string]string {
	text := answer.without(isTest)
	var serve strings.Builder
	for _, f := range e.functions {
		fmt.Fprintf(&serve, "func init() { convlabFunctions[%q] = (%s)(%s) }\n", f, e.cell.signature(f), f)
	}
	known := map[string]bool{}
	for name := range answer.decls {
		known[name] = !isTest(name)
	}
	var units []*unit
	for _, u := range slices.Concat(answers, b.cells, others) {
		if u != answer {
			units = append(units, u)
		}
	}
	units = append(units, e.cell) // a function that the answer forgot is the teacher's, which gives nothing
	imports := importsOf(slices.Concat(b.cells, others))
	files := written(collect([]string{text, serve.String()}, known, units), imports)
	files["answer.go"] = before + importing(text, answer.imports, imports) + text
	files["served.go"] = before + importing(serve.String(), e.cell.imports, imports) + "\n" + serve.String()
	files["serve.go"] = serveSource
	return files
}
