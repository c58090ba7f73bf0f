package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"convlab/internal/atomicfile"
	"convlab/internal/grade"
	"convlab/internal/oneline"
	"convlab/internal/stop"
)

type gradeCmd struct {
	Paths    []string           `arg:"" type:"path" help:"Notebooks, or folders of them, that students handed in."`
	With     string             `type:"existingfile" help:"The teacher's notebook (default: those of the course)."`
	Points   map[string]float64 `help:"Points of exercises, as 1.1/Convolve=3 (default: what nbgrader's metadata says, else 1)."`
	CSV      string             `name:"csv" type:"path" help:"Write a line for each exercise here."`
	HTML     string             `name:"html" type:"path" help:"Write a page with marks, answers and feedback here."`
	Feedback string             `type:"path" help:"Write a page for each student into this folder, to hand back."`
	Lang     string             `enum:",en,zh" default:"" help:"Language of feedback, en or zh (default: that of each notebook)."`
	Limit    time.Duration      `default:"10s" help:"Processor time that an answer may take to run; by the clock, six times as much."`
	Memory   int64              `default:"512" help:"Megabytes of memory that an answer may take."`
	Trust    bool               `help:"Run the answers without isolation, where this system has none: they can then do all that you can."`
}

// Help is shown by --help.
func (*gradeCmd) Help() string {
	return `Of each notebook only the cells with answers count: the teacher's tests ask them, from another process. An answer runs alone, without files, network
or other processes, with limits of time, memory and output. A student is called after the first folder in which the paths differ, else after
the file. Ctrl-C keeps what was graded so far.

Examples:
  convlab grade li.ipynb
  convlab grade handed-in --csv marks.csv --html marks.html --feedback to-hand-back
  convlab grade /home/*/work/convlab/zh/1.1-convolution.ipynb --points "1.1/Convolve=3;1.1/OutputSize=2"
  convlab grade handed-in --with my-exam.ipynb`
}

func (c *gradeCmd) Run(ctx context.Context) error {
	if c.Limit < 100*time.Millisecond || c.Memory < 64 {
		return fmt.Errorf("--limit %s and --memory %d: an answer needs at least 100ms and 64 MB", c.Limit, c.Memory)
	}
	folders := []string{c.Feedback}
	for _, file := range []string{c.CSV, c.HTML} {
		if file != "" {
			folders = append(folders, filepath.Dir(file))
		}
	}
	for _, folder := range folders {
		if folder != "" {
			if err := atomicfile.Writable(folder); err != nil { // before the work, not after it
				return err
			}
		}
	}
	found, err := grade.Find(c.Paths)
	if err != nil {
		return err
	}
	checkout, err := grade.Checkout()
	if err != nil {
		return err
	}
	g, err := grade.New(checkout, grade.Options{Limits: grade.Limits{Time: c.Limit, Memory: c.Memory << 20, Trust: c.Trust},
		With: c.With, Points: c.Points, Lang: c.Lang})
	if err != nil {
		return err
	}
	defer g.Close()
	defer stop.Hold(ctx)() // what was graded is written
	var all []grade.Graded
	for i, n := range found {
		fmt.Fprintf(os.Stderr, "%d of %d: %s\n", i+1, len(found), oneline.Of(n.Path))
		graded, err := g.Grade(ctx, n)
		if ctx.Err() != nil {
			if err := c.write(all); err != nil {
				return err
			}
			return &stop.Error{Says: fmt.Sprintf("stopped; %d of %d notebooks are graded", len(all), len(found)), Cause: ctx.Err()}
		}
		if err != nil {
			if errors.Is(err, grade.ErrNoIsolation) {
				err = fmt.Errorf("%w: grade as root or where user namespaces are allowed, or add --trust if these students may do all that you can", err)
			}
			return errors.Join(err, c.write(all))
		}
		all = append(all, graded)
		points, of := graded.Sum()
		fmt.Printf("%s\t%s\t%g of %g", oneline.Of(n.Student), graded.Part, points, of)
		if graded.Problem != "" {
			fmt.Printf("\t%s", oneline.Of(graded.Problem))
		}
		fmt.Println()
	}
	return c.write(all)
}

// pageLang is the language of a page: Chinese where all that is on it is.
func (c *gradeCmd) pageLang(all []grade.Graded) string {
	if c.Lang == "" && !slices.ContainsFunc(all, func(g grade.Graded) bool { return g.Lang != "zh" }) {
		return "zh"
	}
	return c.Lang
}

// write writes the files that were asked for.
func (c *gradeCmd) write(all []grade.Graded) error {
	if c.HTML != "" {
		if err := atomicfile.Write(c.HTML, func(w io.Writer) error { return grade.WriteHTML(w, c.pageLang(all), all) }); err != nil {
			return err
		}
	}
	if c.Feedback != "" {
		of := map[string][]grade.Graded{}
		for _, g := range all {
			of[g.Student] = append(of[g.Student], g)
		}
		for name, own := range of {
			if err := atomicfile.Write(filepath.Join(c.Feedback, name+".html"), func(w io.Writer) error { return grade.WriteHTML(w, c.pageLang(own), own) }); err != nil {
				return err
			}
		}
	}
	if c.CSV == "" {
		return nil
	}
	return atomicfile.Write(c.CSV, func(w io.Writer) error { return grade.WriteCSV(w, all) })
}
