// Package grade marks the exercises in notebooks that students hand in.
//
// Of a student's notebook only the cells with answers count. They are put beside
// the teacher's notebook, whose tests run in a process of their own: the student's
// code runs in another one and is asked for results over a pipe. So nothing that a
// student's code prints, writes, or does to its own process is taken for a passed
// test. It can give right results in no other way than to compute them, or to
// know them beforehand: the tests of the course are public.
//
// A student's process has an empty root folder in memory, no network, no other
// process in sight and no right to make one, a user who owns nothing, and limits
// of time, memory, files and output (namespaces, resource limits and a filter of
// system calls of Linux). What is left is the kernel: a hole in it that those
// calls reach which Go needs is not closed by this.
package grade

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// Result is what an answer was found to be.
type Result string

// The results. An answer counts if it is right.
const (
	Right   Result = "right"
	Wrong   Result = "wrong"
	Empty   Result = "empty"
	Refused Result = "refused" // it was not run
)

// Mark is what was found of one exercise.
type Mark struct {
	Name       string // "1.1/SamePadding"
	Result     Result
	Points, Of float64
	Feedback   string // in the student's language
	Answer     string // the student's cell
}

// Graded is a graded notebook.
type Graded struct {
	Student string
	Path    string
	Part    string // "1.1"; "": it belongs to no notebook of the teacher
	Lang    string // "en" or "zh"
	Marks   []Mark
	Problem string // why it could not be read; ""
}

// Sum gives the notebook's points, and how many there are.
func (g Graded) Sum() (points, of float64) {
	for _, m := range g.Marks {
		points, of = points+m.Points, of+m.Of
	}
	return points, of
}

// Options say how to grade.
type Options struct {
	Limits
	// With is the teacher's notebook; "" are those of the course.
	With string
	// Points are those of exercises, by name as "1.1/SamePadding"; 1 where there is none.
	Points map[string]float64
	// Lang is the language of feedback, "en" or "zh"; "" is that of each notebook.
	Lang string
}

// Grader grades notebooks.
type Grader struct {
	Options
	books []*book
	work  *workshop
}

// New reads the teacher's notebooks. Close removes what it built.
func New(checkout string, o Options) (*Grader, error) {
	g := &Grader{Options: o}
	if o.With != "" {
		b, err := openBook(o.With)
		if err != nil {
			return nil, err
		}
		g.books = []*book{b}
	} else {
		books, err := openCourse(checkout)
		if err != nil {
			return nil, err
		}
		g.books = books
	}
	unknown := map[string]bool{}
	for name := range o.Points {
		unknown[name] = true
	}
	for _, b := range g.books {
		for _, e := range b.exercises {
			name := b.part + "/" + e.name
			if points, ok := o.Points[name]; ok {
				e.points = points
				delete(unknown, name)
			}
		}
	}
	for name := range unknown {
		return nil, fmt.Errorf("there is no exercise %q: they are called as %s/%s", name, g.books[0].part, g.books[0].exercises[0].name)
	}
	work, err := openWorkshop(checkout)
	g.work = work
	return g, err
}

// Close removes the programs that were built.
func (g *Grader) Close() { g.work.close() }

// Grade grades a notebook. What is wrong with it is told in what it returns; an
// error means that grading itself failed or that ctx ended.
func (g *Grader) Grade(ctx context.Context, n Found) (Graded, error) {
	graded := Graded{Student: n.Student, Path: n.Path, Lang: g.Lang}
	read, err := readNotebook(n.Path)
	if n.linked {
		err = errLink
	}
	var b *book
	if err != nil {
		b = g.named(n.Path)
	} else {
		b = bookOf(g.books, read)
		if b == nil {
			err = refusal{"it has no exercise of the teacher's notebooks", "其中没有教师笔记本里的练习"}
		}
	}
	if b != nil {
		graded.Part = b.part
		if graded.Lang == "" {
			graded.Lang = b.lang
		}
	}
	if err != nil {
		graded.Problem = in(graded.Lang, err)
		if b != nil {
			for _, e := range b.exercises {
				graded.Marks = append(graded.Marks, Mark{Name: b.part + "/" + e.name, Result: Refused, Of: e.points, Feedback: graded.Problem})
			}
		}
		return graded, nil
	}
	if err := g.work.tests(ctx, b); err != nil {
		return graded, err
	}
	graded.Marks, err = g.marks(ctx, b, read, graded.Lang)
	return graded, err
}

// named is the teacher's notebook that a file which cannot be read seems to be.
func (g *Grader) named(file string) *book {
	for _, b := range g.books {
		if strings.Contains(filepath.Base(file), strings.TrimSuffix(filepath.Base(b.path), ".ipynb")) {
			return b
		}
	}
	return nil
}

// marks runs the exercises of a notebook, as many at once as there are processors.
func (g *Grader) marks(ctx context.Context, b *book, read *notebook, lang string) ([]Mark, error) {
	answers, others := b.unitsOf(read)
	marks, errs := make([]Mark, len(b.exercises)), make([]error, len(b.exercises))
	var all sync.WaitGroup
	free := make(chan bool, runtime.NumCPU())
	for i, e := range b.exercises {
		all.Go(func() {
			free <- true
			defer func() { <-free }()
			m := Mark{Name: b.part + "/" + e.name, Of: e.points}
			_, c, ok := answerOf(e, read)
			m.Answer = c.source
			var o outcome
			if !ok {
				o = outcome{Empty, say(lang, "Not written yet.", "还没有写。")}
			} else {
				o, errs[i] = g.mark(ctx, b, e, c, answers, others, lang, fmt.Sprint("answer", i))
			}
			if m.Result, m.Feedback = o.result, o.feedback; o.result == Right {
				m.Points = m.Of
			}
			marks[i] = m
		})
	}
	all.Wait()
	return marks, errors.Join(errs...)
}

// mark builds and runs one answer.
func (g *Grader) mark(ctx context.Context, b *book, e *exercise, c cell, answers, others []*unit, lang, name string) (outcome, error) {
	u, err := parse(c.source)
	if err != nil {
		return outcome{Refused, say(lang, "It does not compile: ", "编译不通过：") + in(lang, err)}, nil
	}
	if strings.TrimSpace(u.without(isTest)) == strings.TrimSpace(e.cell.without(isTest)) { // as it was handed out
		return outcome{Empty, say(lang, "Not written yet.", "还没有写。")}, nil
	}
	program, err := g.work.answer(ctx, name, b.answerProgram(e, u, answers, others))
	if r := (refusal{}); errors.As(err, &r) {
		return outcome{Refused, in(lang, r)}, nil
	} else if err != nil {
		return outcome{}, err
	}
	defer os.Remove(program)
	return ask(ctx, b, e, program, g.Limits, lang)
}

// unitsOf is the code of a student's notebook: of the answers, and of all other
// cells. What is no Go is left out here; the answer's own cell is told of.
func (b *book) unitsOf(read *notebook) (answers, others []*unit) {
	isAnswer := map[int]bool{}
	for _, e := range b.exercises {
		if at, _, ok := answerOf(e, read); ok {
			isAnswer[at] = true
		}
	}
	for i, c := range read.cells {
		if !c.code {
			continue
		}
		u, err := parse(c.source)
		switch {
		case err != nil:
		case isAnswer[i]:
			answers = append(answers, u)
		default:
			others = append(others, u)
		}
	}
	return answers, others
}
