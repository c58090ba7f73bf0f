package grade

import (
	"fmt"
	"go/ast"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"convlab/internal/labdir"
)

// book is a teacher's notebook.
type book struct {
	path      string
	part      string // "1.1"; of other notebooks the file's name
	lang      string // "en" or "zh"
	exercises []*exercise
	cells     []*unit         // the code that is no exercise
	sources   map[string]bool // of all cells
	program   string          // the built tests; "" before
}

// exercise is a cell of a teacher's notebook that students fill in.
type exercise struct {
	id        string // of the cell
	name      string // of what is to be written first: "SamePadding"
	cell      *unit
	functions []string // what is to be written
	tests     []string
	points    float64
}

// isTest is whether a function is one of go test's.
func isTest(name string) bool { return strings.HasPrefix(name, "Test") }

var testLine = regexp.MustCompile(`(?m)^%test\b`)

// openBook reads a teacher's notebook.
func openBook(file string) (*book, error) {
	read, err := readNotebook(file)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	name := strings.TrimSuffix(filepath.Base(file), ".ipynb")
	b := &book{path: file, part: name, lang: "en", sources: map[string]bool{}}
	if part, _, ok := strings.Cut(name, "-"); ok && partName.MatchString(part) {
		b.part = part
	}
	chinese := 0
	for _, c := range read.cells {
		b.sources[c.source] = true
		if !c.code {
			chinese += len(han.FindAllString(c.source, -1))
			continue
		}
		u, err := parse(c.source)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		if e := exerciseOf(c, u); e != nil {
			b.exercises = append(b.exercises, e)
		} else {
			b.cells = append(b.cells, u)
		}
	}
	if chinese > 50 {
		b.lang = "zh"
	}
	if len(b.exercises) == 0 {
		return nil, fmt.Errorf("%s has no exercise: a cell with a function, a test of it and %%test", file)
	}
	return b, nil
}

var (
	partName = regexp.MustCompile(`^\d+\.\d+$`)
	han      = regexp.MustCompile(`\p{Han}`)
)

// exerciseOf is the exercise of a cell, nil where it is none.
func exerciseOf(c cell, u *unit) *exercise {
	e := &exercise{id: c.id, cell: u, points: 1}
	if c.points != nil {
		e.points = *c.points
	}
	for _, name := range slices.Sorted(maps.Keys(u.decls)) {
		switch _, ok := u.decls[name].(*ast.FuncDecl); {
		case ok && isTest(name):
			e.tests = append(e.tests, name)
		case ok && name != "init":
			e.functions = append(e.functions, name)
		}
	}
	if !testLine.MatchString(c.source) || len(e.tests) == 0 || len(e.functions) == 0 {
		return nil
	}
	e.name = e.functions[0]
	for _, f := range e.functions { // the function of the test's name comes before helpers
		if "Test"+f == e.tests[0] {
			e.name = f
		}
	}
	return e
}

// openCourse reads the notebooks of the course in both languages.
func openCourse(checkout string) ([]*book, error) {
	files, err := fs.Glob(os.DirFS(checkout), "notebooks/*/*.ipynb")
	if err != nil || len(files) == 0 {
		return nil, fmt.Errorf("there are no notebooks in %s: run convlab grade in a checkout of convlab, or name the teacher's notebook with --with", filepath.Join(checkout, "notebooks"))
	}
	var books []*book
	for _, file := range files {
		b, err := openBook(filepath.Join(checkout, file))
		if err != nil {
			return nil, err
		}
		books = append(books, b)
	}
	return books, nil
}

// bookOf is the teacher's notebook that a student's was made from: of those
// with most exercises in it that with most cells unchanged. It is nil if there
// is none.
func bookOf(books []*book, student *notebook) *book {
	var best *book
	most := 0
	for _, b := range books {
		exercises, same := 0, 0
		for _, e := range b.exercises {
			if _, _, ok := answerOf(e, student); ok {
				exercises++
			}
		}
		for _, c := range student.cells {
			if b.sources[c.source] {
				same++
			}
		}
		if score := exercises * (1 + same); score > most {
			best, most = b, score
		}
	}
	return best
}

// answerOf finds the cell with a student's answer: that with the exercise's id
// and function, else the last that declares the function. An id alone is no
// sign, since other notebooks have the same ones.
func answerOf(e *exercise, student *notebook) (at int, c cell, ok bool) {
	declares := regexp.MustCompile(`(?m)^func ` + e.name + `\(`)
	for i, have := range student.cells {
		if !have.code || !declares.MatchString(have.source) {
			continue
		}
		at, c, ok = i, have, true
		if have.id == e.id && e.id != "" {
			return
		}
	}
	return
}

// Checkout is the folder of convlab's sources: the nearest upwards from the
// working folder, else from the program.
func Checkout() (string, error) {
	here, err := os.Getwd()
	if err != nil {
		return "", err
	}
	from := []string{here}
	if self, err := os.Executable(); err == nil {
		from = append(from, filepath.Dir(self))
	}
	for _, dir := range from {
		if dir, ok := labdir.Upwards(dir, func(dir string) bool {
			mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
			return err == nil && strings.HasPrefix(string(mod), "module convlab\n")
		}); ok {
			return dir, nil
		}
	}
	return "", fmt.Errorf("%s is in no checkout of convlab: run convlab grade in one, since the tests are built from it", here)
}
