package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"

	"convlab/internal/labdir"
)

type doctorCmd struct {
	dataFlag
	Full bool `help:"Take longer: verify the data set's MD5 sums and the hashes of programs and plugins, and run a cell through the kernel; if it fails, find the variable of the environment that is at fault."`
}

// The verdicts of a check.
const (
	ok      = "ok"
	missing = "missing"
	broken  = "broken"
)

// A finding is what one check says.
type finding struct {
	verdict string
	name    string
	text    string
	todo    string // what to do; "" if all is well
	needed  bool   // without it the course does not run
}

func (f finding) String() string {
	s := fmt.Sprintf("%-8s %-11s %s", f.verdict, f.name, f.text)
	if f.todo != "" {
		s += ": " + f.todo
	}
	return s
}

func (c *doctorCmd) Run(ctx context.Context) error {
	findings := examine(ctx, labdir.Dir(), c.Data, c.Full)
	if err := ctx.Err(); err != nil { // what was cut is not broken
		return err
	}
	return report(os.Stdout, findings)
}

// report prints the findings and is an error if the course would not run.
func report(w io.Writer, findings []finding) error {
	var bad int
	for _, f := range findings {
		fmt.Fprintln(w, f)
		if f.needed && f.verdict != ok {
			bad++
		}
	}
	if bad > 0 {
		return errors.New("the course does not run here yet: see what is missing or broken above")
	}
	fmt.Fprintln(w, "The course runs here.")
	return nil
}
